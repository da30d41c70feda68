namespace ShellGuard.Policy.Evaluation;

/// <summary>One key of the policy language.</summary>
/// <param name="Table">The table it stands in; empty for the top.</param>
/// <param name="Name">The key.</param>
/// <param name="Kind">What stands behind it.</param>
/// <param name="Flag">The flag of the command line that says the same; null where there is none.</param>
/// <param name="Description">One sentence.</param>
/// <param name="Example">A value in TOML.</param>
public sealed record PolicyKey(
    string Table, string Name, PolicyValueKind Kind, string? Flag, string Description, string Example)
{
    /// <summary>What can stand there, for <see cref="PolicyValueKind.Choice"/>.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary><c>files.hide</c>, or the name alone at the top.</summary>
    public string FullName => Table.Length == 0 ? Name : $"{Table}.{Name}";
}
