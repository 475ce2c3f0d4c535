using System.CommandLine;
using ChordAspire.Simulation;

namespace ChordAspire.Cli.Commands;

/// <summary>The file that a simulated run is recorded in, for the ring page to play.</summary>
internal sealed class RunFile : IDisposable
{
    private const string Name = "--record";

    private readonly string _path;
    private readonly WholeFile _file;
    private readonly BufferedStream _content;
    private RunRecorder? _recorder;

    private RunFile(string path)
    {
        _path = path;
        _file = new WholeFile(path, Name);
        _content = new BufferedStream(_file.Content, 1 << 16);
    }

    public static Option<string?> Option() => new Option<string?>(Name)
    {
        Description = "Record the run in this file. The ring page opens it, plays it, and steps through it forwards and back.",
        HelpName = "FILE",
    }.NotEmpty("file");

    /// <exception cref="IOException">The file cannot be written.</exception>
    public static RunFile? Begin(string? path) => path is null ? null : new RunFile(path);

    /// <summary>What is to see the ring's events from now on.</summary>
    public IRingObserver On(SimulatedRing ring, string title) => _recorder = new RunRecorder(ring, _content, title);

    /// <summary>The run is over: the file takes its place.</summary>
    public void Keep(Terminal terminal, string verdict)
    {
        _recorder!.End(verdict);
        _content.Flush();
        _file.Keep();
        terminal.Error.WriteLine(FormattableString.Invariant($"Recorded in {_path}, {_recorder.Lines:#,0} lines{(_recorder.IsFull ? " and no more, though the run went on" : "")}. Open it in the ring page."));
    }

    public void Dispose()
    {
        _recorder?.Dispose();
        _file.Dispose();
    }
}
