using ChordAspire.Rpc;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace ChordAspire.Cli;

/// <summary>How far a transfer is: a bar on a terminal, elsewhere a line every few seconds. To the stream of errors: the other one may carry the object.</summary>
/// <param name="name">What is transferred.</param>
/// <param name="quiet">Show and say nothing.</param>
internal sealed class TransferDisplay(Terminal terminal, string name, bool quiet)
{
    private static readonly TimeSpan BetweenLines = TimeSpan.FromSeconds(5);

    private readonly TransferMeter _meter = new(TimeProvider.System);

    /// <summary>Since the beginning.</summary>
    public double Seconds => _meter.Elapsed.TotalSeconds;

    /// <summary>Shows how far it is while it goes on.</summary>
    public async Task<T> RunAsync<T>(Func<IProgress<TransferProgress>, Task<T>> transfer)
    {
        if (quiet || !terminal.ShowsProgress)
            return await transfer(new Lines(quiet ? null : terminal.Error, name, _meter)).ConfigureAwait(false);
        return await terminal.ErrorConsole.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new MeterColumn(_meter))
            .StartAsync(async context =>
            {
                ProgressTask bar = context.AddTask(Markup.Escape(name), maxValue: 1);
                bar.IsIndeterminate = true;
                return await transfer(new Bar(bar, _meter)).ConfigureAwait(false);
            }).ConfigureAwait(false);
    }

    /// <summary>Says how it ended.</summary>
    public void Say(string sentence)
    {
        if (!quiet)
            terminal.Error.WriteLine(sentence);
    }

    private sealed class Bar(ProgressTask bar, TransferMeter meter) : IProgress<TransferProgress>
    {
        public void Report(TransferProgress value)
        {
            meter.Progress = value;
            bar.IsIndeterminate = meter.Share is null;
            bar.Value = meter.Share ?? 0;
        }
    }

    /// <summary>For logs and pipes: whoever reads them should see that something goes on, and not much more.</summary>
    private sealed class Lines(TextWriter? writer, string name, TransferMeter meter) : IProgress<TransferProgress>
    {
        private TimeSpan _last;

        public void Report(TransferProgress value)
        {
            meter.Progress = value;
            if (writer is null || meter.Elapsed - _last < BetweenLines)
                return;
            _last = meter.Elapsed;
            writer.WriteLine($"{name}: {meter}");
        }
    }

    private sealed class MeterColumn(TransferMeter meter) : ProgressColumn
    {
        protected override bool NoWrap => true;

        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) => new Text(meter.ToString());
    }
}
