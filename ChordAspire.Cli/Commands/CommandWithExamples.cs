using System.CommandLine;

namespace ChordAspire.Cli.Commands;

/// <summary>A command whose own help ends with examples; where it is one of many they would be in the way.</summary>
internal sealed class CommandWithExamples(string name, string description, params string[] examples) : Command(name, description)
{
    public IReadOnlyList<string> Examples { get; } = examples;
}
