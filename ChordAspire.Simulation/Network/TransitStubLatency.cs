namespace ChordAspire.Simulation;

/// <summary>Hosts in stub domains, stub domains on transit routers, transit routers on a sparse random graph: 50 ms a transit link, 20 ms from stub
/// to
/// transit, 1 ms within a stub domain (ToN 2003 §V-F, its transit-stub topology).</summary>
public sealed class TransitStubLatency : LatencyModel
{
    private readonly int[,] _links;
    private readonly int _routers;
    private readonly int _stubsPerRouter;
    private readonly List<(int Router, int Stub)> _places = [];
    private readonly Seed _seed;

    /// <param name="seed">The graph, and where hosts lie in it, come from it.</param>
    /// <param name="routers">Transit routers. Half as many links as there are routers are added to a random tree.</param>
    /// <param name="stubsPerRouter">Stub domains at each of them.</param>
    public TransitStubLatency(Seed seed, int routers = 24, int stubsPerRouter = 8)
    {
        _seed = seed;
        _routers = routers;
        _stubsPerRouter = stubsPerRouter;
        _links = new int[routers, routers];
        Chance places = seed.For(ChanceUse.Places, -2);
        for (int i = 0; i < _routers; i++)
        {
            for (int j = 0; j < _routers; j++)
                _links[i, j] = i == j ? 0 : _routers;
        }
        // A random tree keeps the graph connected; some more links make it look like a backbone.
        for (int router = 1; router < _routers; router++)
            Link(router, places.Next(router));
        for (int i = 0; i < _routers / 2; i++)
            Link(places.Next(_routers), places.Next(_routers));
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
            _places.Add((place.Next(_routers), place.Next(_stubsPerRouter)));
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
        for (int via = 0; via < _routers; via++)
        {
            for (int from = 0; from < _routers; from++)
            {
                for (int to = 0; to < _routers; to++)
                    _links[from, to] = Math.Min(_links[from, to], _links[from, via] + _links[via, to]);
            }
        }
    }
}
