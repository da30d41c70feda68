namespace ShellGuard.Audit.Model;

/// <summary>A process while it runs one program as one user. Immutable: an execve or a change of user makes another
/// one, so that an access keeps who it was at the time.</summary>
/// <param name="pid">The number in the trace.</param>
/// <param name="generation">1 for the first process with this number.</param>
/// <param name="parent">What started it; null where that was not seen.</param>
/// <param name="program">The path in the pool; 0 where it is not known.</param>
/// <param name="arguments">The arguments, each followed by NUL, in the pool.</param>
/// <param name="user">The effective user, or <see cref="UnknownUser"/>.</param>
/// <param name="command">The command name in the pool, where there is only that.</param>
internal sealed class ProcessImage(
    int pid, int generation, ProcessImage? parent, int program, int arguments, long user, int command)
{
    /// <summary>The user that the trace began with.</summary>
    public const long UnknownUser = -1;

    /// <summary>Ancestors kept. A program that always forks and ends its parent would else be remembered for ever.
    /// </summary>
    private const int MaxDepth = 64;

    public int Pid { get; } = pid;

    public int Generation { get; } = generation;

    public ProcessImage? Parent { get; } = parent is { Depth: < MaxDepth } ? parent : null;

    public int Depth { get; } = parent is { Depth: < MaxDepth } ? parent.Depth + 1 : 0;

    public int Program { get; } = program;

    public int Arguments { get; } = arguments;

    public long User { get; } = user;

    public int Command { get; } = command;

    public ProcessImage After(int program, int arguments) =>
        new(Pid, Generation, Parent, program, arguments, User, Command);

    public ProcessImage As(long user) => new(Pid, Generation, Parent, Program, Arguments, user, Command);

    public ProcessImage Child(int pid, int generation) =>
        new(pid, generation, this, Program, Arguments, User, Command);

    public ProcessImage ChildOf(ProcessImage? parent) =>
        new(Pid, Generation, parent, Program, Arguments, User, Command);
}
