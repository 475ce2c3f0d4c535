using System.CommandLine;
using System.Text;
using ChordAspire.Rpc;

namespace ChordAspire.Cli.Commands;

/// <summary><c>chord ls</c>: the keys of the whole ring.</summary>
internal static class ListCommand
{
    private const int CharactersAtOnce = 16 * 1024;

    public static Command Create(Terminal terminal, CancellationToken cancellation)
    {
        var prefix = new Argument<string>("PREFIX") { Description = "Only keys that begin with it.", DefaultValueFactory = _ => "", Arity = ArgumentArity.ZeroOrOne };
        var isLong = new Option<bool>("--long", "-l") { Description = "Size in bytes, time and SHA-256 too." };
        var ring = new RingAccess();
        Option<bool> json = ObjectArguments.Json("Print one line of JSON for each object.");
        var command = new CommandWithExamples(
            "ls",
            "Lists the objects of the whole ring, ordered by key, as they come.",
            "chord ls",
            "chord ls reports/ -l",
            "chord ls --json | jq .size")
        {
            prefix, isLong, json,
        };
        ring.AddTo(command);
        command.SetAction(parsed => ring.Run(parsed, terminal, async ring =>
        {
            Func<ListedObject, string> line = parsed.GetValue(json) ? ObjectJson.Of : parsed.GetValue(isLong) ? LongLineOf : static listed => listed.Key;
            await WriteAsync(ended => ring.Client.ListAsync(parsed.GetRequiredValue(prefix), ended, ring.Timeout), line, terminal.Out, cancellation).ConfigureAwait(false);
            return ExitCode.Done;
        }, cancellation));
        return command;
    }

    private static string LongLineOf(ListedObject listed) =>
        FormattableString.Invariant($"{listed.Size,14}  {VersionText.TimeOf(listed.Version)}  {listed.Version.Hash}  {listed.Key}");

    /// <summary>Many lines at once while they come fast; what is there already when the next one has to be waited for.</summary>
    private static async Task WriteAsync(
        Func<CancellationToken, IAsyncEnumerable<ListedObject>> list, Func<ListedObject, string> line, TextWriter output, CancellationToken cancellation)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var waiting = new StringBuilder();
        IAsyncEnumerator<ListedObject> each = list(ended.Token).GetAsyncEnumerator(ended.Token);
        await using (each.ConfigureAwait(false))
        {
            Task<bool> next = Task.FromResult(true);
            try
            {
                while (true)
                {
                    next = each.MoveNextAsync().AsTask();
                    if (!next.IsCompleted)
                        Flush();
                    if (!await next.ConfigureAwait(false))
                        break;
                    waiting.Append(line(each.Current)).Append(Environment.NewLine);
                    if (waiting.Length >= CharactersAtOnce)
                        Flush();
                }
            }
            finally
            {
                // Where nothing can be written any more the next one is still under way, and nothing can be let go of before it has come.
                if (!next.IsCompleted)
                    await ended.CancelAsync().ConfigureAwait(false);
                await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                Flush();
            }
        }

        void Flush()
        {
            string lines = waiting.ToString();
            // They are tried once, also where that fails.
            waiting.Clear();
            output.Write(lines);
            output.Flush();
        }
    }
}
