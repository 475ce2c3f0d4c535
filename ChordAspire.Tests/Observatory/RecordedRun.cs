using System.Text;
using ChordAspire.Observatory;
using ChordAspire.Simulation;

namespace ChordAspire.Tests.ObservatoryRoom;

/// <summary>A run of the simulator, and what the page reads of its recording.</summary>
internal sealed record RecordedRun(SimulatedRing Ring, RunOutcome Outcome, string Text, Recording Recording)
{
    public static async Task<RecordedRun> OfAsync(ulong seed, CancellationToken cancellation)
    {
        using var file = new MemoryStream();
        SimulatedRing? ring = null;
        RunRecorder? recorder = null;
        RunOutcome outcome = PlanRun.Run(
            PlanDrawer.Draw(new Seed(seed)), RunRules.Production with { Observer = watched => recorder = new RunRecorder(ring = watched, file, $"seed {seed}") });
        recorder!.End(outcome.Verdict.ToString());
        recorder.Dispose();
        string text = Encoding.UTF8.GetString(file.ToArray());
        return new RecordedRun(ring!, outcome, text, await ReadAsync(text, cancellation));
    }

    public static Task<Recording> ReadAsync(string text, CancellationToken cancellation) =>
        RecordingReader.ReadAsync(new MemoryStream(Encoding.UTF8.GetBytes(text)), cancellation);
}
