using System.Buffers.Text;
using ShellGuard.Audit.Coverage;
using ShellGuard.Audit.Model;
using ShellGuard.Audit.Tracing;
using ShellGuard.Core;

namespace ShellGuard.Audit.Import.Strace;

internal sealed partial class CallReader
{
    private void ReadPrivilege(CallEntry entry, ReadOnlySpan<byte> name, ReadOnlySpan<byte> arguments, StraceResult result)
    {
        switch (entry.Shape)
        {
            case CallShape.GetUser:
                if (result.IsSuccess && table.InitialUser == ProcessImage.UnknownUser
                    && _thread.Process.Image.User == ProcessImage.UnknownUser)
                {
                    table.InitialUser = result.Value;
                }

                break;
            case CallShape.SetUser or CallShape.SetRealEffectiveUser:
                ReadUser(entry.Shape, name, arguments, result);
                break;
            case CallShape.SetGroup:
                AddNumber("gid "u8, Number(Take(ref arguments)));
                break;
            case CallShape.SetRealEffectiveGroup:
                long real = Number(Take(ref arguments));
                long effective = Number(Take(ref arguments));
                AddNumber("gid "u8, effective >= 0 ? effective : real);
                break;
            case CallShape.SetGroups:
                Add(Operation.ChangeIdentity, ObjectKind.Identity, "groups"u8);
                break;
            case CallShape.SetCapabilities:
                Add(Operation.ChangeIdentity, ObjectKind.Privilege, "capset"u8);
                break;
            case CallShape.ProcessControl:
                ReadProcessControl(arguments);
                break;
            case CallShape.Seccomp:
                ReadOnlySpan<byte> mode = ConstantText.Name(Take(ref arguments), FlagNames.SeccompModes);
                if (mode.StartsWith("SECCOMP_SET_MODE"u8))
                {
                    AddCall(Operation.ChangeIdentity, ObjectKind.Privilege, name, mode);
                }

                break;
            case CallShape.Namespace:
                ReadOnlySpan<byte> kinds = name.SequenceEqual("unshare"u8)
                    ? ConstantText.Names(Take(ref arguments), FlagNames.Namespaces)
                    : default;
                AddCall(Operation.ChangeIdentity, ObjectKind.Privilege, name, kinds);
                if (result.IsSuccess && name.SequenceEqual("setns"u8) && EntersMounts(arguments))
                {
                    // Root and working directory are those of that namespace now, setns(2).
                    LeaveRoot();
                }

                break;
            case CallShape.SignalTo or CallShape.TraceOther:
                ReadOther(entry, name, arguments);
                break;
            case CallShape.LoadCode:
                ReadLoadCode(name, arguments);
                break;
            case CallShape.IoUring:
                coverage.Note(CoverageProblem.IoUring, _origin);
                Add(Operation.SystemCall, ObjectKind.SystemCall, name);
                break;
            case CallShape.Mount:
                Take(ref arguments);
                AddPath(name, Take(ref arguments));
                break;
            case CallShape.PivotRoot:
                AddPath(name, Take(ref arguments));
                if (result.IsSuccess)
                {
                    LeaveRoot();
                }

                break;
            case CallShape.PrivilegedPath:
                AddPath(name, Take(ref arguments));
                break;
            default:
                Add(Operation.SystemCall, ObjectKind.SystemCall, name);
                break;
        }
    }

    /// <summary>Whether a setns(2) goes to another mount namespace: by its flag, or by what its descriptor is.</summary>
    private static bool EntersMounts(ReadOnlySpan<byte> arguments)
    {
        const long newNamespace = 0x20000;
        ReadOnlySpan<byte> descriptor = Take(ref arguments);
        ReadOnlySpan<byte> kinds = Take(ref arguments);
        return FlagText.Has(kinds, "CLONE_NEWNS"u8, newNamespace)
            || (LogText.Number(kinds, out long bits) > 0 && bits == 0
                && (descriptor.IndexOf("mnt:["u8) >= 0 || descriptor.IndexOf((byte)'<') < 0));
    }

    /// <summary>Where the new root is on the host is known to the kernel only.</summary>
    private void LeaveRoot()
    {
        (_thread.Process.Directory.Root, _thread.Process.Directory.Path) = (0, 0);
        NoteOtherRoot();
    }

    /// <summary>From here on the process sees other paths than the recorder. Of a container just these are wanted.
    /// </summary>
    private void NoteOtherRoot()
    {
        _thread.Process.HasOtherRoot = true;
        if (!onlyPayload)
        {
            coverage.Note(CoverageProblem.OtherRoot, _origin);
        }
    }

    private void ReadUser(CallShape shape, ReadOnlySpan<byte> name, ReadOnlySpan<byte> arguments, StraceResult result)
    {
        long user = Number(Take(ref arguments));
        if (shape == CallShape.SetRealEffectiveUser)
        {
            long effective = Number(Take(ref arguments));
            AddNumber("uid "u8, effective >= 0 ? effective : user);
            user = effective;
        }
        else
        {
            AddNumber("uid "u8, user);
        }

        // setfsuid returns the number from before, whether it changed it or not.
        if (result.IsSuccess && user >= 0 && !name.StartsWith("setfs"u8) && user != _thread.Process.Image.User)
        {
            _thread.Process.Image = _thread.Process.Image.As(user);
        }
    }

    private void ReadProcessControl(ReadOnlySpan<byte> arguments)
    {
        ReadOnlySpan<byte> option = ConstantText.Name(Take(ref arguments), FlagNames.ProcessOptions);
        ReadOnlySpan<byte> value = Take(ref arguments);
        if (option.StartsWith("PR_CAPBSET_DROP"u8))
        {
            AddCall(Operation.ChangeIdentity, ObjectKind.Privilege, option, ConstantText.Capability(value));
        }
        else if (option.StartsWith("PR_CAP_AMBIENT"u8))
        {
            value = ConstantText.Name(value, FlagNames.AmbientOptions);
            if (!value.StartsWith("PR_CAP_AMBIENT_IS_SET"u8))
            {
                bool all = value.StartsWith("PR_CAP_AMBIENT_CLEAR_ALL"u8);
                AddCall(Operation.ChangeIdentity, ObjectKind.Privilege, value, all ? default : ConstantText.Capability(Take(ref arguments)));
            }
        }
        else if (option.StartsWith("PR_SET_NO_NEW_PRIVS"u8) || option.StartsWith("PR_SET_KEEPCAPS"u8)
            || option.StartsWith("PR_SET_SECUREBITS"u8) || option.StartsWith("PR_SET_SECCOMP"u8)
            || option.StartsWith("PR_SET_MM"u8))
        {
            Add(Operation.ChangeIdentity, ObjectKind.Privilege, option);
        }
        else if (option.StartsWith("PR_SET_PTRACER"u8))
        {
            coverage.Note(CoverageProblem.TracerAware, _origin);
        }
    }

    /// <summary>A signal to another process, or a look into it.</summary>
    private void ReadOther(CallEntry entry, ReadOnlySpan<byte> name, ReadOnlySpan<byte> arguments)
    {
        ReadOnlySpan<byte> first = Take(ref arguments);
        if (name.SequenceEqual("ptrace"u8))
        {
            first = ConstantText.Name(first, FlagNames.TraceRequests);
            if (first.SequenceEqual("PTRACE_TRACEME"u8))
            {
                coverage.Note(CoverageProblem.TracerAware, _origin);
                AddCall(Operation.Trace, ObjectKind.SystemCall, name, first);
                return;
            }

            if (!first.SequenceEqual("PTRACE_ATTACH"u8) && !first.SequenceEqual("PTRACE_SEIZE"u8))
            {
                return;
            }

            first = Take(ref arguments);
        }
        else if (name.SequenceEqual("kcmp"u8))
        {
            Add(entry.Operation, ObjectKind.Process, "another process"u8);
            return;
        }
        else if (name.StartsWith("pidfd"u8) || name.SequenceEqual("process_madvise"u8))
        {
            if (!DescriptorText.TryParse(first, out DescriptorText descriptor) || !descriptor.Name.StartsWith("pid:"u8))
            {
                Add(entry.Operation, ObjectKind.Process, "another process"u8);
                return;
            }

            first = descriptor.Name["pid:".Length..];
        }

        long pid = Number(first);
        if (pid == _thread.Process.Image.Pid || pid == _thread.Id)
        {
            return;
        }

        TraceThread? other = pid > 0 ? threads.Find((int)Math.Min(pid, int.MaxValue)) : null;
        if (other is not null && other.Process == _thread.Process)
        {
            return;
        }

        ReadOnlySpan<byte> program = other is null ? default : table.Texts[other.Process.Image.Program];
        Add(
            entry.Operation, ObjectKind.Process,
            !program.IsEmpty ? program
            : pid == -1 ? "every process"u8
            : pid <= 0 ? "process group"u8
            : "another process"u8);
    }

    private void ReadLoadCode(ReadOnlySpan<byte> name, ReadOnlySpan<byte> arguments)
    {
        ReadOnlySpan<byte> first = Take(ref arguments);
        if (name.SequenceEqual("bpf"u8))
        {
            first = ConstantText.Name(first, FlagNames.BpfCommands);
            bool loads = first.StartsWith("BPF_PROG_LOAD"u8);
            AddCall(loads ? Operation.LoadCode : Operation.SystemCall, ObjectKind.SystemCall, name, first);
        }
        else if (name.SequenceEqual("finit_module"u8) && TryDescriptorPath(first, out ReadOnlySpan<byte> path))
        {
            Add(Operation.LoadCode, ObjectKind.Path, path);
        }
        else
        {
            Add(Operation.LoadCode, ObjectKind.SystemCall, name);
        }
    }

    private void AddPath(ReadOnlySpan<byte> name, ReadOnlySpan<byte> argument)
    {
        bool known = TryTarget(default, argument, ref _joined, out ReadOnlySpan<byte> path, out bool unresolved);
        AddCall(Operation.SystemCall, ObjectKind.SystemCall, name, known && !unresolved ? path : default);
    }

    private void AddNumber(ReadOnlySpan<byte> word, long number)
    {
        word.CopyTo(_second);
        Utf8Formatter.TryFormat(number, _second.AsSpan(word.Length), out int digits);
        Add(Operation.ChangeIdentity, ObjectKind.Identity, _second.AsSpan(0, word.Length + digits));
    }

    /// <summary>A user's or process's number; -1 for none. The kernel's <c>(uid_t)-1</c> is none.</summary>
    private static long Number(ReadOnlySpan<byte> argument) =>
        LogText.Number(argument, out long value) == 0 || value == uint.MaxValue ? -1 : value;
}
