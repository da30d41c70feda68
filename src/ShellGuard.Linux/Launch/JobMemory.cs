using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Linux.Launch;

/// <summary>A script for process 1 of a cell that takes jobs, in memory that both processes have mapped: what becomes of
/// each step can be read here. See <c>porter.s</c>.</summary>
public sealed unsafe class JobMemory : IDisposable
{
    /// <summary>Where the porter maps it.</summary>
    private const nint Target = 0x20000000;

    /// <summary>Room for the longest arguments and environments that the kernel takes, execve(2); only what is used is
    /// memory.</summary>
    private const int Size = 32 << 20;

    private readonly LaunchScript _script;
    private readonly byte* _region;
    private readonly CompiledLaunch _compiled;

    /// <exception cref="LinuxException">There is no memory.</exception>
    /// <exception cref="ArgumentException">The script is larger than any command can be.</exception>
    public JobMemory(LaunchScript script)
    {
        _script = script;
        MemoryFiles.CreateShared("shellguard-job", Size, out Descriptor memory).OrThrow();
        Descriptor = memory;

        // SAFETY: a fresh shared mapping of a file of that size, unmapped in Dispose only.
        nint region = NativeMethods.mmap(0, Size, 3, 1, memory.Number, 0);
        if (region == -1)
        {
            memory.Dispose();
            throw new LinuxException(new LinuxResult(-1, Errno.ENOMEM, SystemCall.mmap));
        }

        _region = (byte*)region;
        _compiled = new CompiledLaunch(script, new NativeArena(_region, Size, Target));
    }

    /// <summary>What the porter is sent.</summary>
    public Descriptor Descriptor { get; }

    /// <summary>The message that goes with it.</summary>
    public byte[] Message => [.. BitConverter.GetBytes((long)Size), .. BitConverter.GetBytes((long)_compiled.Count)];

    /// <summary>The first step that did not succeed, after the porter said that it walked them; null when all did.
    /// </summary>
    public LaunchStep? FailedStep(out Errno error) => _compiled.FailedStep(_script, out error);

    /// <summary>The children that the script made, in its order, by the porter's pid namespace: 0 or less for one that
    /// could not be made.</summary>
    public IReadOnlyList<int> Children
    {
        get
        {
            List<int> children = [];
            for (int i = 0; i < _compiled.Count; i++)
            {
                if (_script.Steps[i].Call == SystemCall.vfork)
                {
                    children.Add((int)_compiled.Steps[i].Result);
                }
            }

            return children;
        }
    }

    public void Dispose()
    {
        _compiled.Dispose();

        // The mapping of the constructor, whole: nothing points into it any more.
        Kernel.Call(SystemCall.munmap, (nint)_region, Size);
        Descriptor.Dispose();
    }
}
