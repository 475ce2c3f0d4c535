using Spectre.Console;

namespace ChordAspire.Cli;

/// <summary>Where a command writes: what it found to one stream, how far it is and what is wrong to the other. Colours only on a terminal, and not with NO_COLOR.</summary>
/// <param name="readLine">Waits for the next line that is typed or comes in; null at the end. None comes where not given.</param>
/// <param name="askLine">Shows a question and waits for the line that answers it; null when nothing is answered. As above where not given.</param>
/// <param name="inputIsTerminal">Whether somebody is there who can be asked.</param>
/// <param name="openInput">Opens what comes in, as bytes; nothing comes where not given.</param>
/// <param name="openOutput">Opens the first stream, for bytes; they vanish where not given.</param>
/// <param name="outputIsClosed">Whether nobody reads the first stream any more.</param>
public sealed class Terminal(
    TextWriter output, TextWriter error, bool outputIsTerminal = false, bool errorIsTerminal = false, Func<Stream>? openInput = null, Func<Stream>? openOutput = null,
    Func<string?>? readLine = null, bool inputIsTerminal = false, Func<string, string?>? askLine = null, Func<bool>? outputIsClosed = null)
{
    /// <summary>Lines are as long as they need to be where nobody has to see them on a screen.</summary>
    private const int WidthElsewhere = 1_000_000;

    private const int CharactersAtOnce = 4096;

    public TextWriter Out => output;

    public TextWriter Error => error;

    /// <summary>Whether what is found is read on a screen.</summary>
    public bool OutIsTerminal => outputIsTerminal;

    /// <summary>Whether progress bars make sense.</summary>
    public bool ShowsProgress => errorIsTerminal;

    /// <summary>Waits for the next line that comes in; null at the end.</summary>
    /// <exception cref="OperationCanceledException">Ctrl+C was pressed instead.</exception>
    public Func<string?> ReadLine { get; } = readLine ?? (static () => null);

    /// <summary>Whether somebody is there who can be asked: to read the question and to answer it.</summary>
    public bool CanAsk => inputIsTerminal && errorIsTerminal;

    /// <summary>Whether lines can be typed and seen.</summary>
    public bool IsInteractive => inputIsTerminal && outputIsTerminal;

    /// <summary>The peer of commands that name none, as <c>host:port</c>; null: as the environment says.</summary>
    public string? Peer { get; set; }

    /// <summary>The patience of commands that are not told any; null: the usual one.</summary>
    public TimeSpan? Timeout { get; set; }

    /// <summary>What Ctrl+C does, where it shall not end the whole program; false where it shall, at once.</summary>
    public Func<bool>? OnInterrupt { get; set; }

    /// <summary>Asks a question that is answered with yes or no; no when nothing is answered.</summary>
    /// <exception cref="OperationCanceledException">Ctrl+C was the answer, or it is not waited for any longer.</exception>
    public async Task<bool> AskAsync(string question, CancellationToken cancellation)
    {
        string? answer = await Task.Run(() => askLine is null ? AskIn($"{question} [y/N] ") : askLine($"{question} [y/N] "), cancellation).WaitAsync(cancellation).ConfigureAwait(false);
        return answer?.Trim() is { } said && (said.Equals("y", StringComparison.OrdinalIgnoreCase) || said.Equals("yes", StringComparison.OrdinalIgnoreCase));
    }

    private string? AskIn(string question)
    {
        error.Write(question);
        error.Flush();
        return ReadLine();
    }

    /// <summary>For tables.</summary>
    public IAnsiConsole Console { get; } = Create(output, outputIsTerminal);

    /// <summary>For progress.</summary>
    public IAnsiConsole ErrorConsole { get; } = Create(error, errorIsTerminal);

    public static Terminal OfThisProcess()
    {
        bool isOurs = System.Console.IsOutputRedirected && !OperatingSystem.IsWindows();
        if (!System.Console.IsOutputRedirected)
            System.Console.SetOut(new ScreenWriter(System.Console.Out));
        else if (isOurs)
            System.Console.SetOut(new StreamWriter(new RedirectedOutput(), System.Console.OutputEncoding, CharactersAtOnce) { AutoFlush = true });
        if (!System.Console.IsErrorRedirected)
            System.Console.SetError(new ScreenWriter(System.Console.Error));
        return new(
            System.Console.Out,
            System.Console.Error,
            !System.Console.IsOutputRedirected,
            !System.Console.IsErrorRedirected,
            static () => new ProcessStream(System.Console.OpenStandardInput()),
            () => new ProcessStream(isOurs ? new RedirectedOutput() : System.Console.OpenStandardOutput()),
            // Not before a line is wanted: whoever touches the input changes how the terminal speaks to the programs after this one.
            System.Console.IsInputRedirected ? static () => System.Console.In.ReadLine() : static () => TypedLine.Read(System.Console.Error, ""),
            !System.Console.IsInputRedirected,
            System.Console.IsInputRedirected ? null : static question => TypedLine.Read(System.Console.Error, question),
            isOurs ? static () => RedirectedOutput.IsClosed : null);
    }

    /// <summary>The same, but with other bytes that come in or go out, where these are given.</summary>
    public Terminal For(Func<Stream>? input, Func<Stream>? output) => input is null && output is null
        ? this
        : new Terminal(Out, Error, outputIsTerminal && output is null, errorIsTerminal, input ?? openInput, output ?? openOutput, ReadLine, inputIsTerminal, askLine, outputIsClosed) { Peer = Peer, Timeout = Timeout };

    /// <summary>What comes in, as bytes.</summary>
    public Stream OpenInput() => openInput?.Invoke() ?? Stream.Null;

    /// <summary>The stream of <see cref="Out"/>, for bytes.</summary>
    public Stream OpenOutput() => openOutput?.Invoke() ?? Stream.Null;

    /// <summary>For commands that go on without writing: those that write learn it anyway.</summary>
    /// <exception cref="OutputClosedException">Nobody reads <see cref="Out"/> any more.</exception>
    public void ThrowIfOutIsClosed()
    {
        if (outputIsClosed?.Invoke() ?? false)
            throw new OutputClosedException();
    }

    private static IAnsiConsole Create(TextWriter writer, bool isTerminal)
    {
        bool hasColours = isTerminal && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = isTerminal ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = hasColours ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = isTerminal ? InteractionSupport.Detect : InteractionSupport.No,
        });
        if (!isTerminal)
            console.Profile.Width = WidthElsewhere;
        return console;
    }
}
