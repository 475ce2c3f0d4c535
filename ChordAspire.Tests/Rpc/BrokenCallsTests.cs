using ChordAspire.Rpc;
using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace ChordAspire.Tests.Rpc;

public sealed class BrokenCallsTests
{
    private readonly List<string> _logged = [];

    [Fact]
    public async Task What_a_service_throws_is_logged_with_its_call_and_goes_on()
    {
        var broken = new InvalidOperationException("broke");

        Assert.Same(broken, await Assert.ThrowsAsync<InvalidOperationException>(() => CallAsync(broken)));

        Assert.Equal("Error: Call of /chord/Some broke. broke", Assert.Single(_logged));
    }

    [Fact]
    public async Task A_status_is_an_answer_and_is_not_logged()
    {
        await Assert.ThrowsAsync<RpcException>(() => CallAsync(new RpcException(new Status(StatusCode.Cancelled, "The caller gave up."))));

        Assert.Empty(_logged);
    }

    private Task<string> CallAsync(Exception thrown) =>
        new BrokenCalls(new ListLogger(_logged)).UnaryServerHandler<string, string>("request", new SomeCall(), (_, _) => Task.FromException<string>(thrown));

    private sealed class ListLogger(List<string> logged) : ILogger<BrokenCalls>
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            logged.Add($"{logLevel}: {formatter(state, exception)} {exception?.Message}");
    }

    private sealed class SomeCall : ServerCallContext
    {
        protected override string MethodCore => "/chord/Some";

        protected override string HostCore => "host";

        protected override string PeerCore => "peer";

        protected override DateTime DeadlineCore => DateTime.MaxValue;

        protected override Metadata RequestHeadersCore => [];

        protected override CancellationToken CancellationTokenCore => CancellationToken.None;

        protected override Metadata ResponseTrailersCore => [];

        protected override Status StatusCore { get; set; }

        protected override WriteOptions? WriteOptionsCore { get; set; }

        protected override AuthContext AuthContextCore => new("none", []);

        protected override ContextPropagationToken CreatePropagationTokenCore(ContextPropagationOptions? options) => throw new NotSupportedException();

        protected override Task WriteResponseHeadersAsyncCore(Metadata responseHeaders) => Task.CompletedTask;
    }
}
