namespace ShellGuard.Linux.Launch;

/// <summary>One argument of a system call in a launch, as data.</summary>
public abstract record LaunchArgument
{
    private protected LaunchArgument()
    {
    }

    public static implicit operator LaunchArgument(long value) => new Number(value, null);

    public static implicit operator LaunchArgument(string text) => new Text(text);

    public static implicit operator LaunchArgument(LaunchSlot slot) => new Result(slot);

    /// <summary>A null pointer.</summary>
    public static LaunchArgument Null { get; } = Named(0, "NULL");

    /// <summary>A number with the constants' names for printing.</summary>
    public static LaunchArgument Named(long value, string display) => Named(value, () => display);

    /// <summary>A number whose names are put together only when it is printed: a launch is seldom printed.</summary>
    public static LaunchArgument Named(long value, Func<string> display) => new Number(value, display);

    /// <summary>A number; <paramref name="Display"/> is how it is printed.</summary>
    public sealed record Number(long Value, Func<string>? Display) : LaunchArgument;

    /// <summary>A pointer to NUL-terminated UTF-8 text.</summary>
    public sealed record Text(string Value) : LaunchArgument;

    /// <summary>A pointer to a null-terminated array of pointers to texts, as execve(2) takes them.</summary>
    public sealed record TextArray(IReadOnlyList<string> Values) : LaunchArgument;

    /// <summary>What an earlier step returned.</summary>
    public sealed record Result(LaunchSlot Slot) : LaunchArgument;

    /// <summary>A pointer to a structure.</summary>
    /// <param name="Bytes">Its initial content.</param>
    /// <param name="Fields">Fields to be filled in: pointers to other blocks or texts (8 bytes), and results of
    /// earlier steps (the low 4 bytes).</param>
    /// <param name="Display">How it is printed.</param>
    public sealed record Block(
        byte[] Bytes, IReadOnlyList<(int Offset, LaunchArgument Value)> Fields, Func<string> Display) : LaunchArgument
    {
        public Block(byte[] bytes, IReadOnlyList<(int Offset, LaunchArgument Value)> fields, string display)
            : this(bytes, fields, () => display)
        {
        }
    }
}
