using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using ChordAspire.Tests.Peer;

namespace ChordAspire.Tests.Ring;

/// <summary>The AppHost as a user runs it: a process of its own, with the dashboard.</summary>
internal sealed partial class AppHostProcess : IAsyncDisposable
{
    private const int SigTerm = 15;
    private const int SigInt = 2;

    private readonly Process _process;
    private readonly string _data;
    private readonly StringBuilder _output = new();

    private AppHostProcess(Process process, AppHostAddresses addresses, string data)
    {
        (_process, _data) = (process, data);
        Addresses = addresses;
        _process.OutputDataReceived += (_, line) => Append(line.Data);
        _process.ErrorDataReceived += (_, line) => Append(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public AppHostAddresses Addresses { get; }

    public int Id => _process.Id;

    public string Output
    {
        get
        {
            lock (_output)
                return _output.ToString();
        }
    }

    public static AppHostProcess Start(params string[] args) => Start(new Dictionary<string, string>(), args);

    /// <param name="environment">Goes above what is set otherwise: free ports, and plain http.</param>
    /// <param name="args">Of the AppHost.</param>
    public static AppHostProcess Start(IReadOnlyDictionary<string, string> environment, params string[] args)
    {
        // Tests that were started in the background ignore Ctrl+C, and what they start would too.
        var info = new ProcessStartInfo("env", ["--default-signal=INT", "dotnet"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = AppContext.BaseDirectory,
        };
        info.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "ChordAspire.AppHost.dll"));
        foreach (string arg in args)
            info.ArgumentList.Add(arg);
        var addresses = new AppHostAddresses(Free(), Free(), Free());
        info.Environment["ASPNETCORE_URLS"] = addresses.Dashboard.OriginalString;
        info.Environment["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] = addresses.Telemetry.OriginalString;
        info.Environment["ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL"] = addresses.ResourceService.OriginalString;
        info.Environment["ASPIRE_ALLOW_UNSECURED_TRANSPORT"] = "true";
        // Whoever wants to look at it says so.
        info.Environment["Ring__Page"] = "false";
        string data = DataFolders.New();
        info.Environment["Ring__Directory"] = data;
        foreach ((string name, string value) in environment)
            info.Environment[name] = value;
        return new AppHostProcess(Process.Start(info)!, addresses, data);

        static Uri Free() => new($"http://localhost:{FreePort()}");
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Waits for a text in the output; on giving up shows the output.</summary>
    public async Task WaitForAsync(string text, CancellationToken cancellationToken)
    {
        long started = TimeProvider.System.GetTimestamp();
        while (!Output.Contains(text, StringComparison.Ordinal))
        {
            if (_process.HasExited || TimeProvider.System.GetElapsedTime(started) > RingUnderTest.Patience)
                Assert.Fail($"'{text}' did not appear (AppHost {(_process.HasExited ? "has ended" : "is running")}):\n{Output}");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, cancellationToken);
        }
    }

    public void Kill() => _process.Kill();

    public void Terminate() => Assert.Equal(0, kill(_process.Id, SigTerm));

    public void Interrupt() => Assert.Equal(0, kill(_process.Id, SigInt));

    public async Task<int> WaitForExitAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken).WaitAsync(patience, TimeProvider.System, cancellationToken);
        return _process.ExitCode;
    }

    /// <summary>All processes that belong to this AppHost at this moment, itself included.</summary>
    public IReadOnlyList<int> Processes() => ProcessTree.Of(_process.Id);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            Terminate();
            try
            {
                await WaitForExitAsync(TimeSpan.FromSeconds(20), CancellationToken.None);
            }
            catch (TimeoutException)
            {
                _process.Kill();
            }
        }
        _process.Dispose();
        DataFolders.Delete(_data);
    }

    private void Append(string? line)
    {
        lock (_output)
            _output.AppendLine(line);
    }

    [LibraryImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int kill(int pid, int signal);
}

/// <summary>Where the dashboard is, where telemetry goes, and where the dashboard finds the host.</summary>
internal sealed record AppHostAddresses(Uri Dashboard, Uri Telemetry, Uri ResourceService);
