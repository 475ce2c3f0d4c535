using ChordAspire.Protocol;
using Grpc.Core;

namespace ChordAspire.Rpc;

/// <summary>
/// The objects of one arc, key by key, from its owner; should that fail in the middle, from the next peers, which hold copies, behind the last
/// key received.
/// </summary>
internal sealed class ArcListing(OwnerCalls calls, Arc arc, ArcHolders holders, string prefix, RingPatience patience) : IDisposable
{
    private readonly Queue<ListedObject> _page = new();
    private AsyncServerStreamingCall<Wire.ListPart>? _call;
    private RingPatience.Attempt? _attempt;
    private string _last = "";
    private bool _atEnd;

    /// <summary>The object that comes next; null at the end.</summary>
    public ListedObject? Current { get; private set; }

    /// <summary>Goes to the next object.</summary>
    /// <exception cref="RefusedException">None of the holders answers.</exception>
    public async ValueTask<bool> MoveNextAsync()
    {
        while (_page.Count == 0 && !_atEnd)
            await ReadPageAsync().ConfigureAwait(false);
        Current = _page.TryDequeue(out ListedObject? next) ? next : null;
        return Current is not null;
    }

    /// <summary>Ends the call; it is made again when it is needed. Of what is there already so many objects, 1 or more, are kept.</summary>
    public void Park(int kept)
    {
        if (_atEnd || _call is null)
            return;
        EndCall();
        if (_page.Count <= kept)
            return;
        ListedObject[] page = [.. _page.Take(kept)];
        _page.Clear();
        foreach (ListedObject listed in page)
            _page.Enqueue(listed);
        _last = page[^1].Key;
    }

    public void Dispose() => EndCall();

    private async Task ReadPageAsync()
    {
        try
        {
            Open();
            if (await _attempt!.WaitAsync(_call!.ResponseStream.MoveNext(_attempt.Token), holders.Current.Address, patience.WaitWithinRest).ConfigureAwait(false))
            {
                Take(_call.ResponseStream.Current);
                patience.GotFurther();
                return;
            }
            _atEnd = true;
            EndCall();
        }
        catch (RefusedException failed) when (CallFailure.IsPassing(failed) || CallFailure.IsSeed(failed))
        {
            EndCall();
            // One that is settling will serve in a moment, and knows best then. One that is gone will not.
            bool isSettling = failed.InnerException is RpcException call && RefusalInterceptor.ReasonOf(call) == Refusal.Unavailable;
            if (isSettling || !(CallFailure.IsSeed(failed) ? holders.Drop() : holders.MoveNext()))
                await patience.PauseAsync(failed).ConfigureAwait(false);
        }
    }

    private void Open()
    {
        if (_call is not null)
            return;
        _attempt = patience.Begin();
        _call = calls.ObjectsAt(holders.Current.Address).List(
            new Wire.ListRequest { Prefix = prefix, After = _last, ArcFrom = WireMapping.ToWire(arc.From), ArcTo = WireMapping.ToWire(arc.To) },
            cancellationToken: _attempt.Token);
    }

    private void EndCall()
    {
        _call?.Dispose();
        _attempt?.Dispose();
        _call = null;
        _attempt = null;
    }

    private void Take(Wire.ListPart part)
    {
        if (part.Objects.Count > RingLimits.MaxListedObjects)
            throw CallFailure.AnsweredBadly(holders.Current.Address, $"a part of a listing has {part.Objects.Count} objects; at most {RingLimits.MaxListedObjects} are allowed.");
        foreach (Wire.ListedObject wire in part.Objects)
        {
            ListedObject listed = CallFailure.Read(holders.Current.Address, wire, static wire => new ListedObject(
                WireMapping.KeyFromWire(wire.Key), ObjectMapping.VersionFromWire(wire.Version, "objects.version"), ObjectMapping.SizeFromWire(wire.Size, "objects.size")));
            // The merge of all arcs rests on the order.
            if (string.CompareOrdinal(listed.Key, _last) <= 0)
                throw new RefusedException(Refusal.Corrupted, $"{holders.Current.Address} lists '{listed.Key}' behind '{_last}'; keys are to ascend by their UTF-16 code units.");
            _last = listed.Key;
            if (!listed.Version.Deleted && listed.Key.StartsWith(prefix, StringComparison.Ordinal))
                _page.Enqueue(listed);
        }
    }
}
