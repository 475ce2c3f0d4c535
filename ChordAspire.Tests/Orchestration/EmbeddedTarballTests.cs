using System.Formats.Tar;
using Aspire.Hosting.Bundle;

namespace ChordAspire.Tests.Orchestration;

public sealed class EmbeddedTarballTests
{
    private const int Window = 1024 * 1024;
    private const int Proof = 64 * 1024;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5_000)]
    [InlineData(Window - Proof - 1)]
    [InlineData(Window - Proof)]
    [InlineData(Window - 2)]
    [InlineData(Window)]
    [InlineData(2 * Window + 17)]
    public async Task An_archive_is_found_wherever_it_lies(int offset)
    {
        byte[] program = [.. new byte[offset], .. Archives.Gzip(Archives.Tar(("a/b", "hello"))), .. Archives.Noise(Window, seed: 3)];

        await using Stream? found = await EmbeddedTarball.FindAsync(new MemoryStream(program), Cancelled);

        Assert.Equal("hello", FirstFile(found));
    }

    [Fact]
    public async Task Magic_bytes_without_an_archive_behind_them_are_passed_over()
    {
        byte[] otherArchive = Archives.Gzip(Archives.Noise(2_000, seed: 4));
        byte[] program = [0x1F, 0x8B, 0x08, 0, 0, .. otherArchive, 0x1F, 0x8B, 0x08, .. Archives.Gzip(Archives.Tar(("a/b", "hello")))];

        await using Stream? found = await EmbeddedTarball.FindAsync(new MemoryStream(program), Cancelled);

        Assert.Equal("hello", FirstFile(found));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(700)]
    [InlineData(3 * Window)]
    public async Task A_program_without_an_archive_yields_nothing(int length) =>
        Assert.Null(await EmbeddedTarball.FindAsync(new MemoryStream(Archives.Noise(length, seed: 5)), Cancelled));

    [Fact]
    public async Task An_archive_larger_than_the_window_is_read_to_its_end()
    {
        string text = Convert.ToHexString(Archives.Noise(2 * Window, seed: 6));
        byte[] program = [.. new byte[100], .. Archives.Gzip(Archives.Tar(("large", text))), 1, 2, 3];

        await using Stream? found = await EmbeddedTarball.FindAsync(new MemoryStream(program), Cancelled);

        Assert.Equal(text, FirstFile(found));
    }

    private static string FirstFile(Stream? tar)
    {
        Assert.NotNull(tar);
        using var reader = new TarReader(tar);
        using var text = new StreamReader(reader.GetNextEntry()!.DataStream!);
        return text.ReadToEnd();
    }
}
