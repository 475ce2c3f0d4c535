using ChordAspire.Cli;

namespace ChordAspire.Tests.Cli;

public sealed class InterruptionTests
{
    [Fact]
    public void The_first_one_ends_in_order_and_the_second_at_once()
    {
        using var interruption = new Interruption();
        CancellationToken token = interruption.Token;
        Assert.False(token.IsCancellationRequested);
        Assert.Equal((true, true, false), (interruption.Press(), token.IsCancellationRequested, interruption.Press()));
    }

    [Fact]
    public void Pressed_when_all_is_over_it_does_nothing()
    {
        var interruption = new Interruption();
        interruption.Dispose();
        Assert.True(interruption.Press());
    }

    [Fact]
    public void What_ends_the_whole_ends_the_part()
    {
        using var whole = new Interruption();
        using var part = new Interruption(whole.Token);
        whole.Press();
        Assert.True(part.Token.IsCancellationRequested);
    }
}
