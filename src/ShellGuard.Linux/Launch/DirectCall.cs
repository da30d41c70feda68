using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;

namespace ShellGuard.Linux.Launch;

/// <summary>One system call, given as data, made by the calling thread itself: for asking what a kernel or a cell
/// allows, where the answer is the point. Work goes through the typed calls.</summary>
public static unsafe class DirectCall
{
    /// <summary>Makes the call.</summary>
    /// <param name="call">The call; a number outside the table is passed on as it is.</param>
    /// <param name="arguments">At most six; no results of earlier steps. A block is a copy: what the kernel writes
    /// into it is lost.</param>
    public static LinuxResult Run(SystemCall call, params LaunchArgument[] arguments)
    {
        LaunchScript script = new();
        script.Add("asked directly", call, arguments);
        using CompiledLaunch compiled = new(script, new NativeArena());

        // SAFETY: the compiled step and everything that it points to live until the end of this method.
        RawStep* step = compiled.Steps;
        return Kernel.Call(call, step->A0, step->A1, step->A2, step->A3, step->A4, step->A5);
    }
}
