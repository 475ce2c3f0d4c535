namespace ChordAspire.Simulation;

/// <summary>Hosts in stub domains, stub domains on transit routers, transit routers on a sparse random graph: 50 ms a transit link, 20 ms from stub to
/// transit, 1 ms within a stub domain (ToN 2003 §V-F, its transit-stub topology).</summary>
public sealed class TransitStubLatency : LatencyModel
{
    private const int Routers = 24;
    private const int StubsPerRouter = 8;
    private const int ExtraLinks = 12;
    private readonly int[,] _links = new int[Routers, Routers];
    private readonly List<(int Router, int Stub)> _places = [];
    private readonly Seed _seed;

    public TransitStubLatency(Seed seed)
    {
        _seed = seed;
        Chance places = seed.For(ChanceUse.Places, -2);
        for (int i = 0; i < Routers; i++)
        {
            for (int j = 0; j < Routers; j++)
                _links[i, j] = i == j ? 0 : Routers;
        }
        // A random tree keeps the graph connected; some more links make it look like a backbone.
        for (int router = 1; router < Routers; router++)
            Link(router, places.Next(router));
        for (int i = 0; i < ExtraLinks; i++)
            Link(places.Next(Routers), places.Next(Routers));
        ShortestPaths();
    }

    public override TimeSpan OneWay(int from, int to, Chance chance)
    {
        if (from == to)
            return TimeSpan.Zero;
        (int router, int stub) = PlaceOf(from);
        (int toRouter, int toStub) = PlaceOf(to);
        if (router == toRouter && stub == toStub)
            return TimeSpan.FromMilliseconds(1);
        return TimeSpan.FromMilliseconds(1 + 20 + (50 * _links[router, toRouter]) + 20 + 1);
    }

    public override string ToString() => "transit-stub";

    private (int Router, int Stub) PlaceOf(int host)
    {
        while (_places.Count <= host)
        {
            Chance place = _seed.For(ChanceUse.Places, _places.Count);
            _places.Add((place.Next(Routers), place.Next(StubsPerRouter)));
        }
        return _places[host];
    }

    private void Link(int one, int other)
    {
        if (one != other)
            _links[one, other] = _links[other, one] = 1;
    }

    /// <summary>Floyd and Warshall.</summary>
    private void ShortestPaths()
    {
        for (int via = 0; via < Routers; via++)
        {
            for (int from = 0; from < Routers; from++)
            {
                for (int to = 0; to < Routers; to++)
                    _links[from, to] = Math.Min(_links[from, to], _links[from, via] + _links[via, to]);
            }
        }
    }
}
