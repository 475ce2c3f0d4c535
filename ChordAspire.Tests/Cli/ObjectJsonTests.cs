using ChordAspire.Cli;
using ChordAspire.Tests.Rpc;

namespace ChordAspire.Tests.Cli;

public sealed class ObjectJsonTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Objects_are_given_as_JSON_of_the_documented_shapes()
    {
        await using ScriptedRing ring = await ScriptedRing.StartAsync(Cancellation, 50, 150, 250);
        string file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, "content", Cancellation);
            JsonShape.Read("put", (await ring.RunAsync("put", "key", file, "--json")).Out);
            JsonShape.Read("ls", (await ring.RunAsync("ls", "--json")).Out);
            JsonShape.Read("stat", (await ring.RunAsync("stat", "key", "--json")).Out);
            Assert.Equal(7, JsonShape.Read("get", (await ring.RunAsync("get", "key", "-o", file, "--json")).Out).GetProperty("read").GetInt32());
            Assert.Equal(ExitCode.Usage, (await ring.RunAsync("get", "key", "--json")).ExitCode);
            JsonShape.Read("rm", (await ring.RunAsync("rm", "key", "--json")).Out);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
