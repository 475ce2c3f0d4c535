using ChordAspire.Cli;
using ChordAspire.Rpc;
using Microsoft.Extensions.Time.Testing;

namespace ChordAspire.Tests.Cli;

public sealed class TransferMeterTests
{
    private readonly FakeTimeProvider _time = new();

    [Theory]
    [InlineData(0, "0 bytes")]
    [InlineData(1, "1 byte")]
    [InlineData(999, "999 bytes")]
    [InlineData(1000, "1.00 kB")]
    [InlineData(9_994, "9.99 kB")]
    [InlineData(9_996, "10.0 kB")]
    [InlineData(99_960, "100 kB")]
    [InlineData(999_499, "999 kB")]
    [InlineData(999_500, "1.00 MB")]
    [InlineData(12_345_678, "12.3 MB")]
    [InlineData(5e18, "5.00 EB")]
    public void Sizes_have_three_digits_and_a_unit(double bytes, string text) => Assert.Equal(text, ByteText.Of(bytes));

    [Theory]
    [InlineData(0, 0, 100L, "0 bytes of 100 bytes, 0 %")]
    [InlineData(0.4, 50, 100L, "50 bytes of 100 bytes, 50 %")]
    [InlineData(2, 999, 1000L, "999 bytes of 1.00 kB, 99 %, 500 bytes/s, 0:01 left")]
    [InlineData(10, 1_000_000, 700_000_000L, "1.00 MB of 700 MB, 0 %, 100 kB/s, 1:56:30 left")]
    [InlineData(2, 100, 100L, "100 bytes of 100 bytes, 100 %, 50 bytes/s")]
    [InlineData(2, 5_000, null, "5.00 kB, 2.50 kB/s")]
    [InlineData(1, 0, 0L, "0 bytes of 0 bytes, 100 %")]
    public void A_transfer_is_told_in_words(double seconds, long bytes, long? total, string text)
    {
        var meter = new TransferMeter(_time) { Progress = new TransferProgress(bytes, total) };
        _time.Advance(TimeSpan.FromSeconds(seconds));
        Assert.Equal(text, meter.ToString());
    }
}
