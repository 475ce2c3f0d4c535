using Grpc.Core;

namespace ChordAspire.Rpc;

/// <summary>What a failed call means to a client.</summary>
internal static class CallFailure
{
    /// <summary>The refusal in it. A peer that is silent, or broke in the middle of an answer, counts as <see cref="Refusal.Unavailable"/>.</summary>
    /// <param name="address">Who was called.</param>
    /// <param name="patience">How long an answer was waited for; null where there was no such bound.</param>
    public static RefusedException ToRefusal(RpcException failure, string address, TimeSpan? patience = null)
    {
        Refusal? told = RefusalInterceptor.ReasonOf(failure);
        Refusal reason = told ?? failure.StatusCode switch
        {
            StatusCode.Unimplemented => Refusal.NotServed,
            // A bound of gRPC itself, such as the size of a message.
            StatusCode.ResourceExhausted => Refusal.Exhausted,
            _ => Refusal.Unavailable,
        };
        string detail = (reason, told) switch
        {
            (Refusal.Unavailable, null) when failure.StatusCode == StatusCode.DeadlineExceeded => SilenceOf(address, patience),
            (Refusal.Unavailable, null) => $"{address} does not answer: {CauseOf(failure)}.",
            _ => $"{address}: {failure.Status.Detail}",
        };
        string advice = reason == Refusal.Exhausted ? " Delete objects, give the peers more room or start more peers; where too much is under way at once, try again later." : "";
        return new RefusedException(reason, detail + advice, failure);
    }

    /// <summary>One sentence for who did not answer.</summary>
    public static string SilenceOf(string address, TimeSpan? patience) =>
        patience is { } time ? FormattableString.Invariant($"{address} did not answer within {time.TotalSeconds:0.###} s.") : $"{address} did not answer in time.";

    /// <summary>Whether the ring may serve the same request in a moment: it is changing, or a peer in it is gone.</summary>
    public static bool IsPassing(RefusedException refused) => refused.Reason is Refusal.NotOwner or Refusal.NotMember or Refusal.Unavailable;

    /// <summary>Whether a peer answered that speaks another contract: a seed peer, which the next peers of the ring stand in for.</summary>
    public static bool IsSeed(RefusedException refused) => refused.InnerException is RpcException { StatusCode: StatusCode.Unimplemented };

    /// <summary>Reads an answer. One that is malformed counts as none: it is no fault of who asked.</summary>
    public static TResult Read<TReply, TResult>(string address, TReply reply, Func<TReply, TResult> read)
    {
        try
        {
            return read(reply);
        }
        catch (RefusedException malformed)
        {
            throw AnsweredBadly(address, malformed.Message);
        }
    }

    public static RefusedException AnsweredBadly(string address, string how) => new(Refusal.Unavailable, $"{address} answered badly: {how}");

    /// <summary>Not empty, and without its full stop.</summary>
    private static string CauseOf(RpcException failure)
    {
        string cause = failure.Status.DebugException?.GetBaseException().Message ?? failure.Status.Detail;
        return string.IsNullOrWhiteSpace(cause) ? failure.StatusCode.ToString() : cause.TrimEnd('.');
    }
}
