using ShellGuard.Core;

namespace ShellGuard.Audit.Import.Strace;

internal sealed partial class CallReader
{
    private const long PROT_EXEC = 4, F_DUPFD = 0, F_SETFD = 2, F_DUPFD_CLOEXEC = 0x406, CLOSE_RANGE_CLOEXEC = 4;

    /// <summary>A call on a descriptor, where its path is known.</summary>
    private void ReadDescriptor(CallEntry entry, ReadOnlySpan<byte> arguments)
    {
        if (TryDescriptorPath(Take(ref arguments), out ReadOnlySpan<byte> path))
        {
            int owner = entry.Shape == CallShape.OwnerOfDescriptor ? Owner(arguments) : 0;
            Add(entry.Operation, entry.Operation == Operation.List ? ObjectKind.Directory : ObjectKind.Path, path, owner);
        }
    }

    private void ReadMap(ReadOnlySpan<byte> arguments)
    {
        Take(ref arguments);
        Take(ref arguments);
        if (!FlagText.Has(Take(ref arguments), "PROT_EXEC"u8, PROT_EXEC))
        {
            return;
        }

        Take(ref arguments);
        if (TryDescriptorPath(Take(ref arguments), out ReadOnlySpan<byte> path))
        {
            Add(Operation.MapExecutable, ObjectKind.Path, path);
        }
    }

    /// <summary>What a descriptor is open on: as the log shows it, or as the calls before made it.</summary>
    private bool TryDescriptorPath(ReadOnlySpan<byte> argument, out ReadOnlySpan<byte> path)
    {
        path = default;
        if (!DescriptorText.TryParse(argument, out DescriptorText descriptor) || descriptor.Number < 0)
        {
            return false;
        }

        if (descriptor.HasPath)
        {
            Grow(ref _name, descriptor.Name.Length);
            path = _name.AsSpan(0, StraceText.Unescape(descriptor.Name, _name));
            return !descriptor.IsDeleted;
        }

        if (!descriptor.Name.IsEmpty
            || !_thread.Process.Descriptors.TryGet(descriptor.Number, out OpenDescriptor? open)
            || open.Path == 0 || open.IsUnresolved)
        {
            return false;
        }

        path = table.Texts[open.Path];
        return true;
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
                AddCall(Operation.Create, ObjectKind.Memory, "memfd"u8, _path.AsSpan(0, length));
                descriptors.Set(result.Value, OpenDescriptor.Nameless, FlagText.Has(arguments, "MFD_CLOEXEC"u8, 1));
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
