using Grpc.Core;

namespace ChordAspire.Rpc;

/// <summary>
/// How long one operation of a client waits for the ring without getting further. Only waiting for the ring counts: a slow source, destination
/// or reader of a listing is not the ring's fault.
/// </summary>
/// <remarks>Not for several threads at once.</remarks>
internal sealed class RingPatience
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(500);

    private readonly TimeSpan _timeout;
    private TimeSpan _spent;
    private TimeSpan _pause = FirstPause;

    /// <exception cref="ArgumentOutOfRangeException">The timeout is not positive, or longer than a timer can be.</exception>
    public RingPatience(TimeSpan timeout, CancellationToken caller)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(timeout, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(timeout, ChordClient.LongestTimeout);
        _timeout = timeout;
        Caller = caller;
    }

    /// <summary>Given up by who asked.</summary>
    public CancellationToken Caller { get; }

    public TimeSpan Timeout => _timeout;

    /// <summary>Silence that ends one attempt, so that there is time left for others.</summary>
    public TimeSpan OneWait => _timeout / 3;

    /// <summary>The same, within what is left of the whole.</summary>
    public TimeSpan WaitWithinRest => OneWait < Rest ? OneWait : Rest;

    private TimeSpan Rest => _spent < _timeout ? _timeout - _spent : TimeSpan.Zero;

    /// <summary>The time begins anew.</summary>
    public void GotFurther()
    {
        _spent = TimeSpan.Zero;
        _pause = FirstPause;
    }

    /// <summary>Before another attempt: a pause, longer each time.</summary>
    /// <param name="refused">Why the last attempt failed.</param>
    /// <exception cref="RefusedException">The time is up.</exception>
    public async Task PauseAsync(RefusedException refused)
    {
        if (_spent + _pause >= _timeout)
            throw new RefusedException(refused.Reason, FormattableString.Invariant($"{refused.Message} Gave up after {_timeout.TotalSeconds:0.###} s."), refused);
        await Task.Delay(_pause, TimeProvider.System, Caller).ConfigureAwait(false);
        _spent += _pause;
        _pause = 2 * _pause < LongestPause ? 2 * _pause : LongestPause;
    }

    public Attempt Begin() => new(this);

    /// <summary>One attempt: the calls in it end together.</summary>
    public sealed class Attempt(RingPatience patience) : IDisposable
    {
        private readonly CancellationTokenSource _ended = CancellationTokenSource.CreateLinkedTokenSource(patience.Caller);

        /// <summary>For the calls of this attempt.</summary>
        public CancellationToken Token => _ended.Token;

        /// <summary>Waits for a peer.</summary>
        /// <param name="answer">Of a call that has <see cref="Token"/>.</param>
        /// <param name="address">Who is waited for.</param>
        /// <param name="most">Silence longer than this ends the attempt.</param>
        /// <exception cref="RefusedException">It refused, or is silent.</exception>
        /// <exception cref="OperationCanceledException">The caller has given up.</exception>
        public async Task<T> WaitAsync<T>(Task<T> answer, string address, TimeSpan most)
        {
            // Over a fast network many answers are there already, and a timer costs more than they do.
            if (answer.IsCompletedSuccessfully)
                return answer.Result;
            _ended.CancelAfter(most);
            long begun = TimeProvider.System.GetTimestamp();
            try
            {
                return await answer.ConfigureAwait(false);
            }
            catch (RpcException failure) when (!_ended.IsCancellationRequested)
            {
                throw CallFailure.ToRefusal(failure, address);
            }
            catch (Exception ended) when (_ended.IsCancellationRequested)
            {
                patience.Caller.ThrowIfCancellationRequested();
                throw new RefusedException(Refusal.Unavailable, CallFailure.SilenceOf(address, most), ended);
            }
            finally
            {
                _ended.CancelAfter(System.Threading.Timeout.InfiniteTimeSpan);
                patience._spent += TimeProvider.System.GetElapsedTime(begun);
            }
        }

        /// <summary>The same, for a task without a result.</summary>
        public Task WaitAsync(Task answer, string address, TimeSpan most)
        {
            return answer.IsCompletedSuccessfully ? answer : WaitAsync(WithoutResult(answer), address, most);

            static async Task<bool> WithoutResult(Task answer)
            {
                await answer.ConfigureAwait(false);
                return true;
            }
        }

        public void Dispose() => _ended.Dispose();
    }
}
