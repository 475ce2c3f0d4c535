using ChordAspire.Tests.Peer;

namespace ChordAspire.Tests.Cli;

/// <summary>Tab in real shells: in bash always, in others where they are installed.</summary>
public sealed class ShellCompletionTests : IDisposable
{
    private static readonly (string Name, string Command, string Setup)[] Known =
    [
        ("bash", "bash --norc --noprofile -i", "source <(chord completion bash)"),
        ("zsh", "zsh -f -i", "autoload -Uz compinit && compinit -u -D && source <(chord completion zsh)"),
        ("fish", "fish --no-config --private", "chord completion fish | source"),
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("chord-").FullName;

    public static TheoryData<string> Shells => [.. Known.Select(shell => shell.Name).Where(name => name == "bash" || IsInstalled(name))];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task Tab_completes_subcommands_options_values_and_files(string name)
    {
        (_, string command, string setup) = Known.Single(shell => shell.Name == name);
        // Stands in for the tool: what it is asked by the completion goes on to it, and anything else is noted down.
        string chord = Path.Combine(_folder, "chord");
        string called = Path.Combine(_folder, "called");
        await File.WriteAllTextAsync(
            chord, $"#!/bin/sh\ncase \"$1\" in \"[suggest:\"*|completion) exec {PtyRun.Tool} \"$@\";; *) echo \"$@\" >> '{called}';; esac\n", Cancellation);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(chord, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await File.WriteAllTextAsync(Path.Combine(_folder, "report.pdf"), "", Cancellation);
        await using PtyRun shell = PtyRun.StartCommand(
            command, ("PATH", $"{_folder}:{Environment.GetEnvironmentVariable("PATH")}"), ("HOME", _folder), ("XDG_DATA_HOME", null), ("XDG_CONFIG_HOME", null), ("XDG_CACHE_HOME", null));
        await shell.TypeAsync($"cd '{_folder}'; {setup}; echo se\"\"t up", PtyRun.Enter);
        await shell.SeeAsync("set up");

        await CallsAsync("ring --check", "chord ri", PtyRun.Tab, "--ch", PtyRun.Tab);
        await CallsAsync("sim run --variant original", "true; chord sim run --var", PtyRun.Tab, PtyRun.Tab);
        await CallsAsync("put a key report.pdf", "chord put 'a key' rep", PtyRun.Tab);
        // Arrow keys are the shell's own: the tool has not told the terminal to speak otherwise.
        Assert.DoesNotContain("\u001b[?1h=set up", shell.Screen, StringComparison.Ordinal);
        await shell.TypeAsync("exit", PtyRun.Enter);
        Assert.Equal(0, await shell.WaitForExitAsync());

        async Task CallsAsync(string line, params string[] keys)
        {
            File.Delete(called);
            await shell.TypeAsync([.. keys, PtyRun.Enter]);
            await Patience.UntilAsync("the line is carried out", () => Task.FromResult(File.Exists(called) && File.ReadAllText(called).EndsWith('\n')), () => shell.Screen, Cancellation);
            Assert.Equal(line, (await File.ReadAllTextAsync(called, Cancellation)).TrimEnd());
        }
    }

    private static bool IsInstalled(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, program)));
}
