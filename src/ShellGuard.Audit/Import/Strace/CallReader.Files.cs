using ShellGuard.Audit.Coverage;
using ShellGuard.Audit.Model;
using ShellGuard.Core;
using ShellGuard.Linux.Abi;

namespace ShellGuard.Audit.Import.Strace;

internal sealed partial class CallReader
{
    private const long O_TMPFILE = 0x410000;

    private void ReadPath(CallEntry entry, ReadOnlySpan<byte> arguments)
    {
        ReadOnlySpan<byte> directory = entry.Shape is CallShape.At or CallShape.OwnerAt ? Take(ref arguments) : default;
        if (entry.Shape == CallShape.Watch)
        {
            // The descriptor is the queue that tells of changes, not where the path begins, inotify_add_watch(2).
            Take(ref arguments);
        }

        ReadOnlySpan<byte> argument = Take(ref arguments);
        if (entry.Operation == Operation.ChangeAttributes && !directory.IsEmpty && (argument.SequenceEqual("NULL"u8) || IsEmpty(argument)))
        {
            // utimensat(3, NULL, …), AT_EMPTY_PATH: the descriptor itself. To look at what is open is no access, as with fstat.
            ReadDescriptor(entry, directory, arguments);
            return;
        }

        if (TryTarget(directory, argument, ref _joined, out ReadOnlySpan<byte> target, out bool unresolved))
        {
            int owner = entry.Shape is CallShape.Owner or CallShape.OwnerAt ? Owner(arguments) : 0;
            Add(entry.Operation, ObjectKind.Path, target, owner, isUnresolved: unresolved);
        }
    }

    /// <summary>Who gets a file, chown(2): <c>user 33 group 33</c>; 0 where neither is changed.</summary>
    private int Owner(ReadOnlySpan<byte> arguments)
    {
        long user = Number(Take(ref arguments));
        long group = Number(Take(ref arguments));
        string text = (user < 0 ? "" : $"user {user}") + (user < 0 || group < 0 ? "" : " ") + (group < 0 ? "" : $"group {group}");
        return table.Texts.Add(System.Text.Encoding.ASCII.GetBytes(text));
    }

    private void ReadTwoPaths(CallEntry entry, ReadOnlySpan<byte> arguments)
    {
        bool at = entry.Shape is CallShape.RenameAt or CallShape.LinkAt;
        ReadOnlySpan<byte> fromDirectory = at ? Take(ref arguments) : default;
        ReadOnlySpan<byte> from = Take(ref arguments);
        ReadOnlySpan<byte> toDirectory = at || entry.Shape == CallShape.SymlinkAt ? Take(ref arguments) : default;
        ReadOnlySpan<byte> to = Take(ref arguments);
        if (entry.Shape is CallShape.Symlink or CallShape.SymlinkAt)
        {
            // The first path is only the new link's text.
            if (TryTarget(toDirectory, to, ref _joined, out ReadOnlySpan<byte> link, out bool unknown))
            {
                Add(Operation.Create, ObjectKind.Path, link, isUnresolved: unknown);
            }

            return;
        }

        if (!TryTarget(toDirectory, to, ref _joined, out ReadOnlySpan<byte> target, out bool unresolved))
        {
            return;
        }

        int destination = table.Texts.Add(target);
        if (entry.Operation == Operation.Create)
        {
            // What is made is the new name; what it leads to is the destination.
            int made = destination;
            destination = TryTarget(fromDirectory, from, ref _joined, out ReadOnlySpan<byte> old, out _)
                || (IsEmpty(from) && TryDescriptorPath(fromDirectory, out old))
                    ? table.Texts.Add(old)
                    : 0;
            Add(Operation.Create, ObjectKind.Path, table.Texts[made], destination, isUnresolved: unresolved);
        }
        else if (TryTarget(fromDirectory, from, ref _joined, out ReadOnlySpan<byte> source, out bool unknown))
        {
            Add(Operation.Rename, ObjectKind.Path, source, destination, isUnresolved: unresolved || unknown);
        }
    }

    private void ReadOpen(
        CallShape shape, ReadOnlySpan<byte> arguments, ReadOnlySpan<byte> returned, StraceResult result)
    {
        ReadOnlySpan<byte> directory = shape is CallShape.OpenAt or CallShape.OpenAt2 ? Take(ref arguments) : default;
        ReadOnlySpan<byte> path = Take(ref arguments);
        ReadOnlySpan<byte> flags = shape == CallShape.Create ? "O_WRONLY|O_CREAT|O_TRUNC"u8 : Take(ref arguments);
        if (shape == CallShape.OpenAt2)
        {
            int at = flags.IndexOf("flags="u8);
            flags = at < 0 ? default : flags[(at + "flags=".Length)..];
            flags = flags.IndexOf((byte)',') is >= 0 and int end ? flags[..end] : flags;
        }

        if (!TryTarget(directory, path, ref _joined, out ReadOnlySpan<byte> target, out bool unresolved))
        {
            return;
        }

        ReadOnlySpan<byte> real = default;
        bool deleted = false;
        if (result.IsSuccess && DescriptorText.TryParse(returned, out DescriptorText opened) && opened.HasPath)
        {
            Grow(ref _second, opened.Name.Length);
            real = _second.AsSpan(0, StraceText.Unescape(opened.Name, _second));
            deleted = opened.IsDeleted;
            if (unresolved && !deleted)
            {
                target = real;
                unresolved = false;
            }
        }

        HasLibraries |= result.IsSuccess && target.IndexOf(".so"u8) >= 0;
        AddOpen(flags, target, deleted ? default : real, unresolved);
        if (result.IsSuccess)
        {
            int name = deleted || FlagText.Has(flags, "O_TMPFILE"u8, O_TMPFILE) ? 0 : table.Texts.Add(real.IsEmpty ? target : real);
            int openedBy = name == 0 || unresolved || real.IsEmpty || real.SequenceEqual(target) ? 0 : table.Texts.Add(target);
            _thread.Process.Descriptors.Set(
                result.Value, new OpenDescriptor(name, IsUnresolved: real.IsEmpty && unresolved, Opened: openedBy),
                FlagText.Has(flags, "O_CLOEXEC"u8, (long)OpenFlags.CLOEXEC));
        }
    }

    /// <summary>All queues are in one directory of their own, which mq_overview(7) shows as /dev/mqueue. The C library takes
    /// the slash in front of a name away.</summary>
    private void ReadQueue(Operation operation, ReadOnlySpan<byte> arguments, StraceResult result)
    {
        ReadOnlySpan<byte> name = Take(ref arguments);
        if (StraceText.Unquote(name, _path, out int length, out bool isCut) < 0)
        {
            coverage.Note(CoverageProblem.UndecodedArguments, _origin);
            return;
        }

        if (isCut)
        {
            coverage.Note(CoverageProblem.CutText, _origin);
        }

        ReadOnlySpan<byte> queues = "/dev/mqueue/"u8;
        Grow(ref _joined, queues.Length + length);
        queues.CopyTo(_joined);
        _path.AsSpan(0, length).CopyTo(_joined.AsSpan(queues.Length));
        ReadOnlySpan<byte> queue = _joined.AsSpan(0, queues.Length + length);
        if (operation == Operation.Delete)
        {
            Add(Operation.Delete, ObjectKind.Path, queue);
            return;
        }

        AddOpen(Take(ref arguments), queue, default, unresolved: false);
        if (result.IsSuccess)
        {
            _thread.Process.Descriptors.Set(result.Value, new OpenDescriptor(table.Texts.Add(queue)), true);
        }
    }

    private void AddOpen(ReadOnlySpan<byte> flags, ReadOnlySpan<byte> target, ReadOnlySpan<byte> real, bool unresolved)
    {
        bool number = LogText.Number(flags, out long bits) > 0;
        bool writes = number ? (bits & 3) == 1 : FlagText.Has(flags, "O_WRONLY"u8);
        bool both = number ? (bits & 3) >= 2 : FlagText.Has(flags, "O_RDWR"u8) || FlagText.Has(flags, "O_ACCMODE"u8);
        if (FlagText.Has(flags, "O_PATH"u8, (long)OpenFlags.PATH))
        {
            Add(Operation.Stat, ObjectKind.Path, target, 0, real, unresolved);
            return;
        }

        // O_TMPFILE has the bit of O_DIRECTORY in it. The kernel calls such a file by its number behind a #.
        if (FlagText.Has(flags, "O_TMPFILE"u8, O_TMPFILE))
        {
            Grow(ref _name, target.Length + 2);
            target.CopyTo(_name);
            "/#"u8.CopyTo(_name.AsSpan(target.Length));
            Add(Operation.Create, ObjectKind.Path, _name.AsSpan(0, target.Length + 2), isUnresolved: unresolved);
            return;
        }

        if (FlagText.Has(flags, "O_DIRECTORY"u8, (long)OpenFlags.DIRECTORY))
        {
            Add(Operation.List, ObjectKind.Directory, target, 0, real, unresolved);
            return;
        }

        if (!writes)
        {
            Add(Operation.Read, ObjectKind.Path, target, 0, real, unresolved);
        }

        bool creates = FlagText.Has(flags, "O_CREAT"u8, (long)OpenFlags.CREAT);
        if (writes || both || FlagText.Has(flags, "O_TRUNC"u8, (long)OpenFlags.TRUNC))
        {
            Add(Operation.Write, ObjectKind.Path, target, 0, real, unresolved);
        }

        if (creates)
        {
            Add(Operation.Create, ObjectKind.Path, target, 0, real, unresolved);
        }
    }

    private void ReadDirectory(CallEntry entry, ReadOnlySpan<byte> arguments, StraceResult result)
    {
        WorkingDirectory directory = _thread.Process.Directory;
        ReadOnlySpan<byte> argument = Take(ref arguments);
        if (entry.Shape == CallShape.CurrentDirectory)
        {
            if (result.IsSuccess && StraceText.Unquote(argument, _path, out int length, out bool isCut) > 0 && !isCut)
            {
                directory.Path = table.Texts.Add(_path.AsSpan(0, length));
            }

            return;
        }

        if (entry.Shape == CallShape.ChangeDirectoryByDescriptor)
        {
            if (result.IsSuccess)
            {
                directory.Path = TryDescriptorPath(argument, out ReadOnlySpan<byte> path) ? table.Texts.Add(path) : 0;
            }

            return;
        }

        if (!TryTarget(default, argument, ref _joined, out ReadOnlySpan<byte> target, out bool unresolved))
        {
            directory.Path = result.IsSuccess && entry.Shape == CallShape.ChangeDirectory ? 0 : directory.Path;
            return;
        }

        if (entry.Shape == CallShape.ChangeRoot)
        {
            AddCall(Operation.SystemCall, ObjectKind.SystemCall, "chroot"u8, target);
            if (result.IsSuccess)
            {
                directory.Root = unresolved ? 0 : table.Texts.Add(target);
                NoteOtherRoot();
            }

            return;
        }

        Add(Operation.Stat, ObjectKind.Directory, target, isUnresolved: unresolved);
        if (result.IsSuccess)
        {
            directory.Path = unresolved ? 0 : table.Texts.Add(target);
        }
    }

    /// <summary>The path that an argument means.</summary>
    /// <param name="directory">The descriptor before it; empty where the call has none.</param>
    /// <param name="buffer">Where the path is put together.</param>
    /// <returns>False where the argument is no path.</returns>
    private bool TryTarget(
        ReadOnlySpan<byte> directory, ReadOnlySpan<byte> argument, ref byte[] buffer, out ReadOnlySpan<byte> target,
        out bool unresolved)
    {
        target = default;
        unresolved = false;
        if (StraceText.Unquote(argument, _path, out int length, out bool isCut) < 0)
        {
            if (argument.StartsWith("0x"u8))
            {
                coverage.Note(CoverageProblem.UndecodedArguments, _origin);
            }

            return false;
        }

        // No file is called that; with AT_EMPTY_PATH the descriptor is the object. Without one nothing succeeds: the
        // recorder read it when it was another text.
        if (length == 0)
        {
            if (directory.IsEmpty && _outcome == OutcomePool.Success)
            {
                coverage.Note(CoverageProblem.UndecodedArguments, _origin);
            }

            return false;
        }

        if (isCut)
        {
            coverage.Note(CoverageProblem.CutText, _origin);
        }

        ReadOnlySpan<byte> path = _path.AsSpan(0, length);
        ReadOnlySpan<byte> parent = path[0] == '/'
            ? table.Texts[_thread.Process.Directory.Root]
            : BaseOf(directory);
        if (path[0] == '/')
        {
            path = parent.IsEmpty ? path : path.TrimStart((byte)'/');
        }
        else
        {
            unresolved = parent.IsEmpty;
        }

        Grow(ref buffer, parent.Length + path.Length + 2);
        target = buffer.AsSpan(0, PathText.Join(parent, path, buffer));
        return true;
    }

    private static bool IsEmpty(ReadOnlySpan<byte> argument) => argument.SequenceEqual("\"\""u8);

    /// <summary>The directory that a relative path begins at; empty where it is not known.</summary>
    private ReadOnlySpan<byte> BaseOf(ReadOnlySpan<byte> directory)
    {
        TraceProcess process = _thread.Process;
        if (directory.IsEmpty)
        {
            return table.Texts[process.Directory.Path];
        }

        if (!DescriptorText.TryParse(directory, out DescriptorText descriptor))
        {
            return default;
        }

        if (descriptor.HasPath)
        {
            Grow(ref _name, descriptor.Name.Length);
            ReadOnlySpan<byte> name = _name.AsSpan(0, StraceText.Unescape(descriptor.Name, _name));
            if (descriptor.Number == DescriptorText.CurrentDirectory)
            {
                process.Directory.Path = table.Texts.Add(name);
            }

            return name;
        }

        return descriptor.Number == DescriptorText.CurrentDirectory ? table.Texts[process.Directory.Path]
            : !IsOwn && process.Descriptors.TryGet(descriptor.Number, out OpenDescriptor? open) && !open.IsUnresolved && !open.IsMemory
                ? table.Texts[open.Path]
            : default;
    }
}
