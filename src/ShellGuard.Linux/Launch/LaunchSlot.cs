namespace ShellGuard.Linux.Launch;

/// <summary>The result of a step, to be used as an argument of later steps: a descriptor, for example.</summary>
/// <param name="name">For printing.</param>
public sealed class LaunchSlot(string name)
{
    public string Name { get; } = name;

    /// <inheritdoc/>
    public override string ToString() => $"${Name}";
}
