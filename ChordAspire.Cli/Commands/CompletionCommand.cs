using System.CommandLine;

namespace ChordAspire.Cli.Commands;

/// <summary><c>chord completion</c>: what makes a shell complete the commands of <c>chord</c>.</summary>
internal static class CompletionCommand
{
    private const string Bash = """
        # chord: completion for bash. In ~/.bashrc: source <(chord completion bash)
        _chord_complete() {
            local IFS=$'\n'
            COMPREPLY=($(compgen -W "$(chord "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null | grep -vx '[-/][?h]')" -- "${COMP_WORDS[COMP_CWORD]}"))
        }
        complete -o default -F _chord_complete chord
        """;

    private const string Zsh = """
        # chord: completion for zsh. In ~/.zshrc, behind compinit: source <(chord completion zsh)
        _chord_complete() {
            local line="${BUFFER}" point="${CURSOR}"
            local -a choices=("${(@f)$(chord "[suggest:${point}]" "${line}" 2>/dev/null | grep -vx '[-/][?h]')}")
            compadd -a choices || _files
        }
        compdef _chord_complete chord
        """;

    public static Command Create(Terminal terminal)
    {
        var shell = new Argument<string>("SHELL") { Description = "bash or zsh." };
        shell.AcceptOnlyFromAmong("bash", "zsh");
        var command = new CommandWithExamples(
            "completion",
            "Prints what makes a shell complete the commands and options of chord.",
            "source <(chord completion bash)")
        {
            shell,
        };
        command.SetAction(parsed =>
        {
            terminal.Out.WriteLine(parsed.GetRequiredValue(shell) == "bash" ? Bash : Zsh);
            return ExitCode.Done;
        });
        return command;
    }
}
