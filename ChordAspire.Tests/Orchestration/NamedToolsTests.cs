using Aspire.Hosting.Bundle;

namespace ChordAspire.Tests.Orchestration;

public sealed class NamedToolsTests : IDisposable
{
    private static readonly string Program = OperatingSystem.IsWindows() ? "dcp.exe" : "dcp";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Nothing_named_is_nothing_found() => Assert.Null(NamedTools.Find(_ => null));

    [Fact]
    public void The_environment_names_a_folder_and_a_file()
    {
        string dcp = _folder.Write(Program, "");
        string dashboard = _folder.Write("aspire-managed", "");

        AspireBundle? found = NamedTools.Find(Settings(("ASPIRE_DCP_PATH", _folder.Path), ("ASPIRE_DASHBOARD_PATH", dashboard)));

        Assert.Equal(new AspireBundle(dcp, dashboard, NamedTools.UnknownVersion), found);
    }

    [Fact]
    public void Configuration_names_two_files_and_goes_first()
    {
        string dcp = _folder.Write("one", "");
        string dashboard = _folder.Write("two", "");

        AspireBundle? found = NamedTools.Find(Settings(
            ("DcpPublisher:CliPath", dcp), ("DcpPublisher:DashboardPath", dashboard),
            ("ASPIRE_DCP_PATH", "wrong"), ("ASPIRE_DASHBOARD_PATH", "wrong")));

        Assert.Equal(dcp, found?.DcpPath);
    }

    [Theory]
    [InlineData("ASPIRE_DCP_PATH", "ASPIRE_DASHBOARD_PATH")]
    [InlineData("ASPIRE_DASHBOARD_PATH", "ASPIRE_DCP_PATH")]
    [InlineData("DcpPublisher:CliPath", "DcpPublisher:DashboardPath")]
    public void Half_a_pair_is_refused_by_the_name_of_the_other_half(string named, string missing)
    {
        var refused = Assert.Throws<BundleException>(() => NamedTools.Find(Settings((named, _folder.Path))));

        Assert.Contains($"{missing} is not", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_dcp_is_refused()
    {
        string dashboard = _folder.Write("aspire-managed", "");

        var refused = Assert.Throws<BundleException>(() =>
            NamedTools.Find(Settings(("ASPIRE_DCP_PATH", _folder.Path), ("ASPIRE_DASHBOARD_PATH", dashboard))));

        Assert.Contains("holds no program", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_dashboard_that_does_not_exist_is_refused()
    {
        _folder.Write(Program, "");

        var refused = Assert.Throws<BundleException>(() =>
            NamedTools.Find(Settings(("ASPIRE_DCP_PATH", _folder.Path), ("ASPIRE_DASHBOARD_PATH", Path.Combine(_folder.Path, "none")))));

        Assert.Contains("ASPIRE_DASHBOARD_PATH", refused.Message, StringComparison.Ordinal);
    }

    private static Func<string, string?> Settings(params (string Key, string Value)[] settings) =>
        key => settings.FirstOrDefault(setting => setting.Key == key).Value;
}
