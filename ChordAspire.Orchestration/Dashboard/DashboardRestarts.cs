namespace Aspire.Hosting.Dashboard;

/// <summary>How often a dashboard that ended is started again, and after what pause: growing ones, and not for ever.</summary>
internal sealed class DashboardRestarts
{
    internal const int InARowMax = 5;

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(0.5);

    // One that has run this long was in order: its end is a new story.
    private static readonly TimeSpan GoodRun = TimeSpan.FromMinutes(1);

    private int _inARow;

    /// <summary>The pause before the next start, or null when there shall be none.</summary>
    internal TimeSpan? Next(TimeSpan ran)
    {
        if (ran >= GoodRun)
            _inARow = 0;
        return _inARow < InARowMax ? FirstPause * Math.Pow(2, _inARow++) : null;
    }
}
