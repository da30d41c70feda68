using ShellGuard.Linux.Handles;

namespace ShellGuard.Leash.Integrity;

/// <summary>This program itself as <c>shellguard run</c>, which makes a cell around a stage.</summary>
/// <param name="Program">Its file, opened through this process.</param>
/// <param name="Policy">A preset's name, or a policy file that is root's alone.</param>
public sealed record CellWrapper(Descriptor Program, string Policy) : IDisposable
{
    /// <summary>The arguments that run a program in a cell.</summary>
    /// <param name="path">The program.</param>
    /// <param name="arguments">Behind its name.</param>
    public IReadOnlyList<string> Arguments(string path, IEnumerable<string> arguments) =>
        ["shellguard", "run", "--policy", Policy, "--", path, .. arguments];

    public void Dispose() => Program.Dispose();
}
