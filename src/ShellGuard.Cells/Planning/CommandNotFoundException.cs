namespace ShellGuard.Cells.Planning;

/// <summary>The cell would not see the command.</summary>
public sealed class CommandNotFoundException(string command) : Exception($"{command}: not found in the cell")
{
    public string Command { get; } = command;
}
