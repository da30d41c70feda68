using ShellGuard.Linux.Abi;

namespace ShellGuard.Linux.Tests.Seccomp;

/// <summary>Builds what a filter sees.</summary>
internal static class Arguments
{
    internal static seccomp_data Of(SystemCall call, params ReadOnlySpan<ulong> arguments)
    {
        var data = new seccomp_data { nr = (int)call, arch = (uint)AUDIT_ARCH.X86_64 };
        for (int i = 0; i < arguments.Length; i++)
        {
            data.args[i] = arguments[i];
        }

        return data;
    }
}
