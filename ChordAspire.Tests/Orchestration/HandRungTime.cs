using System.Threading.Channels;

namespace ChordAspire.Tests.Orchestration;

/// <summary>A clock whose alarms are rung by the test, one after the other, as they are set.</summary>
internal sealed class HandRungTime : TimeProvider
{
    private readonly Channel<Alarm> _alarms = Channel.CreateUnbounded<Alarm>();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var alarm = new Alarm(dueTime, () => callback(state));
        _alarms.Writer.TryWrite(alarm);
        return alarm;
    }

    /// <summary>Waits until the next alarm is set, rings it, and says for when it was set.</summary>
    internal async Task<TimeSpan> RingNextAsync(CancellationToken cancellationToken)
    {
        Alarm alarm = await _alarms.Reader.ReadAsync(cancellationToken);
        alarm.Ring();
        return alarm.DueTime;
    }

    private sealed record Alarm(TimeSpan DueTime, Action Ring) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
