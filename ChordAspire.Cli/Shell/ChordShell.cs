using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text;
using ChordAspire.Cli.Commands;
using ChordAspire.Rpc;

namespace ChordAspire.Cli.Shell;

/// <summary>The seed's menu grown up: every command of <c>chord</c>, one after the other, on one ring; and some of its own.</summary>
internal sealed class ChordShell(Terminal terminal, RootCommand commands, CancellationToken cancellation)
{
    private static readonly (string Usage, string Meaning)[] Own =
    [
        ("store KEY TEXT", "stores a text under a key (of files: put)"),
        ("show KEY", "prints the text that is stored under a key"),
        ("lookup KEY", "who owns a key, and the way there"),
        ("fingers [PEER]", "prints a finger table"),
        ("ring", "all peers in order"),
        ("leave PEER", "tells a peer to leave the ring"),
        ("use HOST:PORT", "goes on through another peer"),
        ("history", "what was typed before"),
        ("help [COMMAND]", "this, or how a command is used"),
        ("exit", "ends the shell, as Ctrl+D does"),
    ];

    private readonly LineHistory _history = new(terminal.IsInteractive ? LineHistory.UsualFile : null);
    private bool _hasFailed;

    /// <summary>Until its end; a line that is waited for does not keep it when it is told to end. Where lines come from a file or a pipe: exit code 1 when one of them failed.</summary>
    public int Run()
    {
        if (terminal.IsInteractive)
            terminal.Out.WriteLine($"chord shell on {terminal.Peer}. 'help' tells what there is, Tab completes, Ctrl+D ends.");
        Func<string?> next = terminal.IsInteractive ? Typed() : terminal.ReadLine;
        while (Task.Run(next, cancellation).WaitAsync(cancellation).GetAwaiter().GetResult() is { } line)
        {
            string[] words = [.. CommandLineParser.SplitCommandLine(line)];
            if (words.Length == 0 || words[0].StartsWith('#'))
                continue;
            if (words[0] is "exit" or "quit")
                break;
            if (Carry(words) != ExitCode.Done)
                _hasFailed = true;
        }
        return _hasFailed && !terminal.IsInteractive ? ExitCode.Failed : ExitCode.Done;
    }

    private Func<string?> Typed()
    {
        var editor = new LineEditor(() => Console.ReadKey(intercept: true), terminal.Out, () => Console.WindowWidth, _history, Completions);
        return () =>
        {
            // While a line is typed, Ctrl+C is a key; while a command runs, it ends that.
            Console.TreatControlCAsInput = true;
            try
            {
                return editor.Read($"{terminal.Peer}> ");
            }
            finally
            {
                Console.TreatControlCAsInput = false;
            }
        };
    }

    private int Carry(string[] words)
    {
        switch (words[0])
        {
            case "help" or "?" when words.Length == 1:
                return Help();
            case "help" or "?":
                return Chord([.. words[1..], "--help"]);
            case "history":
                foreach (string line in _history.Lines)
                    terminal.Out.WriteLine(line);
                return ExitCode.Done;
            case "use":
                return Use(words);
            case "store":
                return words.Length < 3 ? Refuse("store takes a KEY and a TEXT; quote a key with spaces.") : Store(words[1], string.Join(' ', words[2..]));
            case "show":
                return words.Length != 2 ? Refuse("show takes a KEY; quote one with spaces.") : Show(words[1]);
            case "shell":
                return Refuse("this is a shell already; 'use HOST:PORT' goes on through another peer.");
            default:
                return Chord(words);
        }
    }

    private int Help()
    {
        foreach ((string usage, string meaning) in Own)
            terminal.Out.WriteLine($"  {usage,-16} {meaning}");
        terminal.Out.WriteLine($"And all commands of chord: {string.Join(", ", commands.Subcommands.Select(command => command.Name).Where(name => name != "shell"))}.");
        return ExitCode.Done;
    }

    private int Use(string[] words)
    {
        if (words.Length != 2 || !PeerAddress.IsWellFormed(words[1]))
            return Refuse("use takes the HOST:PORT of a peer, such as 127.0.0.1:50051.");
        string former = terminal.Peer!;
        terminal.Peer = words[1];
        int exitCode = Chord(["peer"]);
        if (exitCode != ExitCode.Done)
            terminal.Peer = former;
        return exitCode;
    }

    /// <summary>A text instead of a file.</summary>
    private int Store(string key, string text) => Chord(["put", key, "-"], openInput: () => new MemoryStream(Encoding.UTF8.GetBytes(text)));

    /// <summary>With a line end behind it, which a text of one line does not have.</summary>
    private int Show(string key)
    {
        using var content = new ShownObject(key);
        int exitCode = Chord(["get", key, "--quiet"], openOutput: () => content);
        if (exitCode == ExitCode.Done)
            terminal.Out.WriteLine(Encoding.UTF8.GetString(content.ToArray()));
        return exitCode;
    }

    private int Refuse(string sentence)
    {
        terminal.Error.WriteLine($"chord: {sentence}");
        return ExitCode.Usage;
    }

    private int Chord(string[] args, Func<Stream>? openInput = null, Func<Stream>? openOutput = null)
    {
        using var one = new Interruption(cancellation);
        terminal.OnInterrupt = one.Press;
        try
        {
            return ChordCommandLine.Run(args, terminal.For(openInput ?? Input, openOutput), one.Token);
        }
        finally
        {
            terminal.OnInterrupt = null;
        }
    }

    /// <summary>Null where commands may read what is typed. Lines that come from elsewhere are the shell's own: it has read them, or will.</summary>
    private Func<Stream>? Input => terminal.CanAsk || terminal.IsInteractive
        ? null
        : static () => throw new UsageException("standard input carries the lines of this shell: name a file instead of -, or use 'store KEY TEXT'.");

    /// <summary>Of chord's own commands and options, and of the shell's.</summary>
    private IReadOnlyList<string> Completions(string before)
    {
        IEnumerable<string> choices = LineChoices.Of(commands, before);
        if (!before.Contains(' ', StringComparison.Ordinal))
            choices = choices.Concat(Own.Select(own => own.Usage.Split(' ')[0]).Where(own => own.StartsWith(before, StringComparison.Ordinal))).Where(choice => choice != "shell");
        return [.. choices.Distinct().Order(StringComparer.Ordinal)];
    }
}
