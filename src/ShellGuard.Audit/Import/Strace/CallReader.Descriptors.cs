using ShellGuard.Core;

namespace ShellGuard.Audit.Import.Strace;

internal sealed partial class CallReader
{
    private const long PROT_EXEC = 4, MAP_ANONYMOUS = 0x20, F_DUPFD = 0, F_SETFD = 2, F_DUPFD_CLOEXEC = 0x406, CLOSE_RANGE_CLOEXEC = 4;

    /// <summary>A call on a descriptor, or on a path that is empty, which is the descriptor before it.</summary>
    private void ReadDescriptor(CallEntry entry, ReadOnlySpan<byte> descriptor, ReadOnlySpan<byte> rest)
    {
        if (TryDescriptorTarget(entry.Operation, descriptor, out ObjectKind kind, out ReadOnlySpan<byte> target, out bool unresolved))
        {
            int owner = entry.Shape is CallShape.OwnerOfDescriptor or CallShape.OwnerAt ? Owner(rest) : 0;
            if (entry.Operation == Operation.List)
            {
                kind = ObjectKind.Directory;
                target = OpenedBy(descriptor, target);
            }

            Add(entry.Operation, kind, target, owner, isUnresolved: unresolved);
        }
    }

    /// <summary>What was opened by one name is not listed by another one, even where strace shows where links led.</summary>
    private ReadOnlySpan<byte> OpenedBy(ReadOnlySpan<byte> argument, ReadOnlySpan<byte> shown) =>
        DescriptorText.TryParse(argument, out DescriptorText descriptor)
            && _thread.Process.Descriptors.TryGet(descriptor.Number, out OpenDescriptor? open)
            && open.Opened != 0 && shown.SequenceEqual(table.Texts[open.Path])
            ? table.Texts[open.Opened] : shown;

    private void ReadMap(ReadOnlySpan<byte> arguments)
    {
        Take(ref arguments);
        Take(ref arguments);
        bool executable = FlagText.Has(Take(ref arguments), "PROT_EXEC"u8, PROT_EXEC);

        // MAP_ANONYMOUS: the descriptor means nothing, mmap(2).
        if (FlagText.Has(Take(ref arguments), "MAP_ANONYMOUS"u8, MAP_ANONYMOUS))
        {
            return;
        }

        HasLibraries = true;
        if (executable
            && TryDescriptorTarget(
                Operation.MapExecutable, Take(ref arguments), out ObjectKind kind, out ReadOnlySpan<byte> target, out bool unresolved))
        {
            Add(Operation.MapExecutable, kind, target, isUnresolved: unresolved);
        }
    }

    /// <summary>The object of a call on a descriptor. What has no name in the file system matters only where it is run as
    /// code, and then it always does.</summary>
    /// <param name="target">In a buffer that the next name overwrites.</param>
    /// <returns>False where there is nothing to say.</returns>
    private bool TryDescriptorTarget(
        Operation operation, ReadOnlySpan<byte> argument, out ObjectKind kind, out ReadOnlySpan<byte> target, out bool unresolved)
    {
        bool runs = operation is Operation.Execute or Operation.MapExecutable;
        DescriptorObject found = Describe(argument, out target);
        kind = found == DescriptorObject.Memory ? ObjectKind.Memory : ObjectKind.Path;
        unresolved = found is not (DescriptorObject.Path or DescriptorObject.Memory);
        switch (found)
        {
            case DescriptorObject.Path:
                return true;
            case DescriptorObject.Memory:
                return runs;
            case DescriptorObject.Deleted when runs:
                target = Joined(target, " (deleted)"u8);
                return true;
            case DescriptorObject.Nameless when runs:
            case DescriptorObject.Unknown when table.Outcomes[_outcome].Error != "EBADF":
                target = DescriptorText.TryParse(argument, out DescriptorText descriptor)
                    ? System.Text.Encoding.ASCII.GetBytes($"descriptor {descriptor.Number}")
                    : argument;
                return true;
            default:
                return false;
        }
    }

    private bool TryDescriptorPath(ReadOnlySpan<byte> argument, out ReadOnlySpan<byte> path) =>
        Describe(argument, out path) == DescriptorObject.Path;

    /// <summary>What a descriptor is open on: as the log shows it, or as the calls before made it.</summary>
    private DescriptorObject Describe(ReadOnlySpan<byte> argument, out ReadOnlySpan<byte> name)
    {
        name = default;
        if (!DescriptorText.TryParse(argument, out DescriptorText descriptor))
        {
            return DescriptorObject.None;
        }

        if (descriptor.HasPath)
        {
            Grow(ref _name, descriptor.Name.Length);
            name = _name.AsSpan(0, StraceText.Unescape(descriptor.Name, _name));
            ReadOnlySpan<byte> memory = "/memfd:"u8;
            if (descriptor.IsDeleted && name.StartsWith(memory))
            {
                name = MemoryName(name[memory.Length..]);
                return DescriptorObject.Memory;
            }

            return descriptor.IsDeleted ? DescriptorObject.Deleted : DescriptorObject.Path;
        }

        if (descriptor.Number == DescriptorText.CurrentDirectory)
        {
            name = table.Texts[_thread.Process.Directory.Path];
            return name.IsEmpty ? DescriptorObject.Unknown : DescriptorObject.Path;
        }

        // -X raw writes -1 as a large number.
        if (descriptor.Number is < 0 or > int.MaxValue)
        {
            return DescriptorObject.None;
        }

        if (!descriptor.Name.IsEmpty)
        {
            return DescriptorObject.Nameless;
        }

        if (IsOwn || !_thread.Process.Descriptors.TryGet(descriptor.Number, out OpenDescriptor? open) || open.IsUnresolved)
        {
            return DescriptorObject.Unknown;
        }

        name = table.Texts[open.Path];
        return open.IsMemory ? DescriptorObject.Memory : name.IsEmpty ? DescriptorObject.Nameless : DescriptorObject.Path;
    }

    /// <summary>A file in memory as it is called when it is made and when it is run.</summary>
    private ReadOnlySpan<byte> MemoryName(ReadOnlySpan<byte> name) => name.IsEmpty ? "memfd"u8 : Joined("memfd "u8, name);

    private ReadOnlySpan<byte> Joined(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        Grow(ref _second, first.Length + second.Length);
        first.CopyTo(_second);
        second.CopyTo(_second.AsSpan(first.Length));
        return _second.AsSpan(0, first.Length + second.Length);
    }

    private void ReadDescriptorChange(
        CallShape shape, ReadOnlySpan<byte> name, ReadOnlySpan<byte> arguments, StraceResult result)
    {
        if (!result.IsSuccess)
        {
            return;
        }

        DescriptorTable descriptors = _thread.Process.Descriptors;
        ReadOnlySpan<byte> first = Take(ref arguments);
        LogText.Number(first, out long number);
        switch (shape)
        {
            case CallShape.Close:
                descriptors.Close(number);
                break;
            case CallShape.CloseRange:
                ReadCloseRange(number, arguments);
                break;
            case CallShape.Duplicate:
                Duplicate(first, result.Value, closesOnExec: false);
                break;
            case CallShape.DuplicateTo:
                Take(ref arguments);
                Duplicate(first, result.Value, name.SequenceEqual("dup3"u8) && FlagText.Has(Take(ref arguments), "O_CLOEXEC"u8, 0x80000));
                break;
            case CallShape.DescriptorControl:
                ReadControl(first, number, arguments, result);
                break;
            case CallShape.Pipe:
                ReadPair(first, arguments, OpenDescriptor.Nameless);
                break;
            case CallShape.MemoryFile:
                StraceText.Unquote(first, _path, out int length, out _);
                ReadOnlySpan<byte> memory = MemoryName(_path.AsSpan(0, length));
                Add(Operation.Create, ObjectKind.Memory, memory);
                descriptors.Set(
                    result.Value, new OpenDescriptor(table.Texts.Add(memory), IsMemory: true), FlagText.Has(arguments, "MFD_CLOEXEC"u8, 1));
                break;
            default:
                descriptors.Set(result.Value, OpenDescriptor.Nameless, arguments.IndexOf("CLOEXEC"u8) >= 0);
                break;
        }
    }

    private void ReadCloseRange(long first, ReadOnlySpan<byte> arguments)
    {
        ReadOnlySpan<byte> until = Take(ref arguments);
        long last = LogText.Number(until, out long number) > 0 && number >= 0 ? number : int.MaxValue;
        if (FlagText.Has(Take(ref arguments), "CLOSE_RANGE_CLOEXEC"u8, CLOSE_RANGE_CLOEXEC))
        {
            _thread.Process.Descriptors.SetRangeClosesOnExec(first, last);
        }
        else
        {
            _thread.Process.Descriptors.CloseRange(first, last);
        }
    }

    private void ReadControl(ReadOnlySpan<byte> descriptor, long number, ReadOnlySpan<byte> arguments, StraceResult result)
    {
        ReadOnlySpan<byte> command = Take(ref arguments);
        bool isNumber = LogText.Number(command, out long code) > 0;
        if (isNumber ? code == F_SETFD : command.SequenceEqual("F_SETFD"u8))
        {
            _thread.Process.Descriptors.SetClosesOnExec(number, FlagText.Has(Take(ref arguments), "FD_CLOEXEC"u8, 1));
        }
        else if (isNumber ? code is F_DUPFD or F_DUPFD_CLOEXEC : command.StartsWith("F_DUPFD"u8))
        {
            Duplicate(descriptor, result.Value, isNumber ? code == F_DUPFD_CLOEXEC : command.EndsWith("_CLOEXEC"u8));
        }
    }

    private void Duplicate(ReadOnlySpan<byte> from, long to, bool closesOnExec)
    {
        DescriptorTable descriptors = _thread.Process.Descriptors;
        LogText.Number(from, out long number);
        if (descriptors.TryGet(number, out OpenDescriptor? open))
        {
            // dup2 of a descriptor to itself changes nothing.
            if (number != to)
            {
                descriptors.Set(to, open, closesOnExec);
            }
        }
        else if (TryDescriptorPath(from, out ReadOnlySpan<byte> path))
        {
            descriptors.Set(to, new OpenDescriptor(table.Texts.Add(path)), closesOnExec);
        }
        else if (number != to)
        {
            descriptors.Close(to);
        }
    }

    /// <summary><c>[3, 4]</c>.</summary>
    private void ReadPair(ReadOnlySpan<byte> pair, ReadOnlySpan<byte> flags, OpenDescriptor open)
    {
        if (!pair.StartsWith("["u8) || !pair.EndsWith("]"u8))
        {
            return;
        }

        pair = pair[1..^1];
        bool closesOnExec = flags.IndexOf("CLOEXEC"u8) >= 0;
        while (!pair.IsEmpty)
        {
            if (LogText.Number(Take(ref pair), out long number) > 0)
            {
                _thread.Process.Descriptors.Set(number, open, closesOnExec);
            }
        }
    }
}
