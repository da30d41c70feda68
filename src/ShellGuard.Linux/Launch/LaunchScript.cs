using ShellGuard.Linux.Abi;

namespace ShellGuard.Linux.Launch;

/// <summary>Everything that happens between clone and exec, as data: printable, testable, and walked in the child
/// without any managed code.</summary>
public sealed class LaunchScript
{
    private readonly List<LaunchStep> _steps = [];

    /// <summary>Flags of clone3(2) for the new process: its namespaces.</summary>
    public CloneFlags Namespaces { get; set; }

    public IReadOnlyList<LaunchStep> Steps => _steps;

    /// <summary>Adds a step that must succeed.</summary>
    public void Add(string purpose, SystemCall call, params LaunchArgument[] arguments) =>
        _steps.Add(new LaunchStep(call, arguments, purpose));

    /// <summary>Adds a step that may fail.</summary>
    public void Try(string purpose, SystemCall call, params LaunchArgument[] arguments) =>
        _steps.Add(new LaunchStep(call, arguments, purpose) { Minimum = long.MinValue });

    /// <summary>Adds a step that must return at least <paramref name="minimum"/>: 1 for a read that must not meet
    /// the end of the file.</summary>
    public void Expect(long minimum, string purpose, SystemCall call, params LaunchArgument[] arguments) =>
        _steps.Add(new LaunchStep(call, arguments, purpose) { Minimum = minimum });

    /// <summary>Adds a step whose result later steps use.</summary>
    public LaunchSlot Get(string name, string purpose, SystemCall call, params LaunchArgument[] arguments)
    {
        LaunchSlot slot = new(name);
        _steps.Add(new LaunchStep(call, arguments, purpose) { Result = slot });
        return slot;
    }

    /// <summary>Adds a step that may fail, and whose result later steps use that may fail too.</summary>
    public LaunchSlot GetOptional(string name, string purpose, SystemCall call, params LaunchArgument[] arguments)
    {
        LaunchSlot slot = new(name);
        _steps.Add(new LaunchStep(call, arguments, purpose) { Result = slot, Minimum = long.MinValue });
        return slot;
    }

    /// <summary>Adds a vfork(2) and the steps of its child; the steps added afterwards are the parent's, which goes
    /// on when the child has called execve or failed.</summary>
    /// <returns>The child's number, for the parent's steps and those of later children.</returns>
    public LaunchSlot Vfork(string purpose, Action<LaunchScript> child)
    {
        LaunchScript steps = new();
        child(steps);
        LaunchSlot process = new("process");
        _steps.Add(new LaunchStep(SystemCall.vfork, [], purpose) { ChildSteps = steps._steps.Count, Result = process });
        _steps.AddRange(steps._steps);
        return process;
    }
}
