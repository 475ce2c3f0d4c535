using System.CommandLine;

namespace ChordAspire.Cli.Commands;

/// <summary><c>chord completion</c>: what makes a shell complete the commands of <c>chord</c>.</summary>
internal static class CompletionCommand
{
    private const string Bash = """
        # chord: completion for bash. In ~/.bashrc: source <(chord completion bash)
        _chord_complete() {
            mapfile -t COMPREPLY < <(chord "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null </dev/null)
        }
        complete -o default -F _chord_complete chord
        """;

    private const string Zsh = """
        # chord: completion for zsh. In ~/.zshrc, behind compinit: source <(chord completion zsh)
        _chord_complete() {
            local line="chord ${(j: :)words[2,CURRENT-1]} ${PREFIX}"
            local -a choices=(${(f)"$(chord "[suggest:${#line}]" "${line}" 2>/dev/null </dev/null)"})
            compadd -a choices || _files
        }
        compdef _chord_complete chord
        """;

    private const string Fish = """
        # chord: completion for fish. In ~/.config/fish/config.fish: chord completion fish | source
        function __chord_complete
            set -l line (commandline -cp | string collect)
            set -l choices (chord "[suggest:"(string length -- $line)"]" $line 2>/dev/null </dev/null)
            if set -q choices[1]
                printf '%s\n' $choices
            else
                __fish_complete_path (commandline -ct)
            end
        end
        complete -c chord -f -a '(__chord_complete)'
        """;

    public static Command Create(Terminal terminal)
    {
        var shell = new Argument<string>("SHELL") { Description = "bash, zsh or fish." };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        var command = new CommandWithExamples(
            "completion",
            "Prints what makes a shell complete the commands and options of chord.",
            "source <(chord completion bash)",
            "chord completion fish | source")
        {
            shell,
        };
        command.SetAction(parsed =>
        {
            terminal.Out.WriteLine(parsed.GetRequiredValue(shell) switch { "bash" => Bash, "zsh" => Zsh, _ => Fish });
            return ExitCode.Done;
        });
        return command;
    }
}
