using System.CommandLine;
using ChordAspire.Cli.Shell;

namespace ChordAspire.Cli.Commands;

/// <summary><c>chord shell</c>: one command after the other.</summary>
internal static class ShellCommand
{
    /// <param name="root">With all the other commands.</param>
    public static Command Create(Terminal terminal, RootCommand root, CancellationToken cancellation)
    {
        var ring = new RingAccess();
        var command = new CommandWithExamples(
            "shell",
            "All commands, one after the other, without 'chord' before them and on one ring; with history, completion and help; --timeout counts for each that has none of its own. Where its lines come from a file or a pipe: exit code 1 when one of them failed.",
            "chord shell",
            "printf 'store greeting hello\\nshow greeting\\n' | chord shell");
        ring.AddTo(command);
        command.SetAction(parsed =>
        {
            (string? Peer, TimeSpan? Timeout) former = (terminal.Peer, terminal.Timeout);
            return ring.Run(parsed, terminal, ring =>
            {
                (terminal.Peer, terminal.Timeout) = (ring.Address, ring.Timeout);
                try
                {
                    return Task.FromResult(new ChordShell(terminal, root, cancellation).Run());
                }
                finally
                {
                    (terminal.Peer, terminal.Timeout) = former;
                }
            }, cancellation);
        });
        return command;
    }
}
