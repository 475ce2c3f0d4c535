using System.Runtime.InteropServices;
using Aspire.Hosting.Bundle;

namespace ChordAspire.Tests.Orchestration;

public sealed class PlatformPackageTests
{
    [Theory]
    [InlineData("linux-x64", Architecture.X64, "@microsoft/aspire-cli-linux-x64", "dcp/dcp")]
    [InlineData("ubuntu.24.04-x64", Architecture.X64, "@microsoft/aspire-cli-linux-x64", "dcp/dcp")]
    [InlineData("linux-arm64", Architecture.Arm64, "@microsoft/aspire-cli-linux-arm64", "dcp/dcp")]
    [InlineData("linux-musl-x64", Architecture.X64, "@microsoft/aspire-cli-linux-musl-x64", "dcp/dcp")]
    [InlineData("alpine.3.22-x64", Architecture.X64, "@microsoft/aspire-cli-linux-musl-x64", "dcp/dcp")]
    [InlineData("osx-arm64", Architecture.Arm64, "@microsoft/aspire-cli-osx-arm64", "dcp/dcp")]
    [InlineData("win-x64", Architecture.X64, "@microsoft/aspire-cli-win-x64", "dcp/dcp.exe")]
    public void Each_platform_has_a_package_of_its_own(string runtimeIdentifier, Architecture architecture, string name, string dcp)
    {
        var package = PlatformPackage.For(runtimeIdentifier, architecture);

        Assert.Equal(name, package.Name);
        Assert.Equal(dcp, package.DcpRelativePath);
    }

    [Theory]
    [InlineData("linux-s390x", Architecture.S390x)]
    [InlineData("linux-arm", Architecture.Arm)]
    [InlineData("freebsd-x64", Architecture.X64)]
    public void A_platform_without_a_package_is_told_what_to_do(string runtimeIdentifier, Architecture architecture)
    {
        var refused = Assert.Throws<BundleException>(() => PlatformPackage.For(runtimeIdentifier, architecture));

        Assert.Contains("ASPIRE_DCP_PATH", refused.Message, StringComparison.Ordinal);
    }
}
