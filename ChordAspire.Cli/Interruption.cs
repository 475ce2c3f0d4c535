namespace ChordAspire.Cli;

/// <summary>Ctrl+C, or a signal like it, while something runs: the first one asks it to end in order, a second one comes from somebody who does not want to wait for that.</summary>
/// <param name="outer">Ends it too.</param>
internal sealed class Interruption(CancellationToken outer = default) : IDisposable
{
    private readonly CancellationTokenSource _source = CancellationTokenSource.CreateLinkedTokenSource(outer);
    private int _isPressed;

    /// <summary>For what runs.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>From any thread, also when what ran has ended just now.</summary>
    /// <returns>Whether to wait for an end in order; false the second time.</returns>
    public bool Press()
    {
        if (Interlocked.Exchange(ref _isPressed, 1) != 0)
            return false;
        try
        {
            _source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has ended by itself meanwhile.
        }
        return true;
    }

    public void Dispose() => _source.Dispose();
}
