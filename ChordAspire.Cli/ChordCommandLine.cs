using System.CommandLine;
using ChordAspire.Cli.Commands;

namespace ChordAspire.Cli;

/// <summary>The command line of <c>chord</c>.</summary>
public static class ChordCommandLine
{
    /// <summary>Shows where a mistake in chord itself has happened, where it is set.</summary>
    internal const string StackVariable = "CHORD_STACK";

    /// <summary>Reads and carries out one command line.</summary>
    /// <returns>See <see cref="ExitCode"/>.</returns>
    public static int Run(string[] args, Terminal terminal, CancellationToken cancellation = default)
    {
        var root = new RootCommand("Chord rings from the command line: look at one, store files in it, measure it, or simulate thousands.")
        {
            RingCommand.Create(terminal, cancellation),
            PeerCommand.Create(terminal, cancellation),
            FingersCommand.Create(terminal, cancellation),
            LookupCommand.Create(terminal, cancellation),
            JoinCommand.Create(terminal, cancellation),
            LeaveCommand.Create(terminal, cancellation),
            WatchCommand.Create(terminal, cancellation),
            PutCommand.Create(terminal, cancellation),
            GetCommand.Create(terminal, cancellation),
            RemoveCommand.Create(terminal, cancellation),
            ListCommand.Create(terminal, cancellation),
            StatCommand.Create(terminal, cancellation),
            BenchCommand.Create(terminal, cancellation),
            SimCommand.Create(terminal, cancellation),
            CompletionCommand.Create(terminal),
        };
        root.Add(ShellCommand.Create(terminal, root, cancellation));
        HelpWithExamples.AddTo(root);
        LineSuggestion.AddTo(root);
        ParseResult parsed = root.Parse(args, LineChoices.Parsing);
        if (parsed.Errors.Count > 0)
            return Refuse(terminal, $"{WrongLine.SentenceOf(parsed)} See '{NameOf(parsed.CommandResult)} --help'.");
        try
        {
            return parsed.Invoke(new InvocationConfiguration { Output = terminal.Out, Error = terminal.Error, EnableDefaultExceptionHandler = false });
        }
        catch (UsageException usage)
        {
            return Refuse(terminal, usage.Message);
        }
        catch (OutputClosedException)
        {
            return ExitCode.OutputClosed;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            terminal.Error.WriteLine($"chord: {refused.Message}");
            return ExitCode.Failed;
        }
        catch (OperationCanceledException)
        {
            terminal.Error.WriteLine("chord: interrupted.");
            return ExitCode.Failed;
        }
        catch (Exception bug) when (bug is not OutOfMemoryException)
        {
            return Confess(terminal, bug);
        }
    }

    /// <summary>Nobody has thought of it: a mistake here, and no wrong input.</summary>
    private static int Confess(Terminal terminal, Exception bug)
    {
        bool isShown = !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(StackVariable));
        terminal.Error.WriteLine($"chord: {bug.Message.ReplaceLineEndings(" ")} ({bug.GetType().Name}) This is a mistake in chord: please report it, with {(isShown ? "what follows." : $"the stack that {StackVariable}=1 shows.")}");
        if (isShown)
            terminal.Error.WriteLine(bug);
        return ExitCode.Failed;
    }

    private static int Refuse(Terminal terminal, string sentence)
    {
        terminal.Error.WriteLine($"chord: {sentence.ReplaceLineEndings(" ")}");
        return ExitCode.Usage;
    }

    private static string NameOf(System.CommandLine.Parsing.CommandResult command) =>
        command.Parent is System.CommandLine.Parsing.CommandResult parent ? $"{NameOf(parent)} {command.Command.Name}" : "chord";
}
