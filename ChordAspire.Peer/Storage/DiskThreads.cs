namespace ChordAspire.Peer;

/// <summary>Threads that wait for the disk, so that the thread pool, on which calls and timers depend, never does.</summary>
/// <remarks>Started when there is work and none of them is idle; ended when there was none for ten seconds.</remarks>
internal sealed class DiskThreads(string name, int max) : IAsyncDisposable
{
    private static readonly TimeSpan Idleness = TimeSpan.FromSeconds(10);

    private readonly object _gate = new();
    private readonly Queue<IJob> _jobs = [];
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _threads;
    private int _idle;
    private bool _ending;

    private interface IJob
    {
        void Run();
    }

    public Task RunAsync(Action work) => RunAsync(() =>
    {
        work();
        return true;
    });

    /// <summary>What the work returns or throws, once it has been done; work that was begun is done to its end.</summary>
    /// <exception cref="ObjectDisposedException">The threads have been ended.</exception>
    public Task<T> RunAsync<T>(Func<T> work)
    {
        var job = new Job<T>(work);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_ending, this);
            _jobs.Enqueue(job);
            if (_idle >= _jobs.Count || _threads == max)
            {
                Monitor.Pulse(_gate);
                return job.Task;
            }
            _threads++;
        }
        new Thread(Work, maxStackSize: 256 * 1024) { IsBackground = true, Name = name }.Start();
        return job.Task;
    }

    /// <summary>Takes no more work, and waits until what there is has been done.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _ending = true;
            Monitor.PulseAll(_gate);
            if (_threads == 0)
                _ended.TrySetResult();
        }
        await _ended.Task;
    }

    private void Work()
    {
        while (Next() is { } job)
            job.Run();
    }

    private IJob? Next()
    {
        lock (_gate)
        {
            _idle++;
            while (_jobs.Count == 0)
            {
                if (_ending || (!Monitor.Wait(_gate, Idleness) && _jobs.Count == 0))
                {
                    _idle--;
                    if (--_threads == 0 && _ending)
                        _ended.TrySetResult();
                    return null;
                }
            }
            _idle--;
            return _jobs.Dequeue();
        }
    }

    private sealed class Job<T>(Func<T> work) : TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously), IJob
    {
        public void Run()
        {
            try
            {
                TrySetResult(work());
            }
            catch (Exception failed)
            {
                // The caller is told; the thread goes on to the next caller's work.
                TrySetException(failed);
            }
        }
    }
}
