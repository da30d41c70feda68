using ShellGuard.Audit.Coverage;
using ShellGuard.Audit.Model;
using ShellGuard.Core;

namespace ShellGuard.Audit.Import.Strace;

/// <summary>Turns calls into accesses, and keeps the descriptors, directories and users that later calls need.
/// </summary>
internal sealed partial class CallReader(AccessTable table, CoverageLog coverage, ThreadTable threads, bool onlyPayload)
{
    private readonly long[] _classes = new long[Enum.GetValues<CallClass>().Length];
    private byte[] _path = new byte[8192];
    private byte[] _joined = new byte[8192];
    private byte[] _second = new byte[8192];
    private byte[] _name = new byte[8192];
    private byte[] _arguments = new byte[8192];

    // Of the call that is being read.
    private TraceThread _thread = null!;
    private Origin _origin;
    private int _outcome;

    // Root's own tracer: set-user-ID programs get their rights.
    private bool _keepsSetUserId;

    /// <summary>Our own tracer recorded: it names each descriptor that it can, and does not record what else becomes of
    /// them. One without a name is not known.</summary>
    private bool IsOwn { get; set; }

    /// <summary>Calls that returned a value.</summary>
    public long Successes { get; private set; }

    /// <summary>Calls that returned an error.</summary>
    public long Errors { get; private set; }

    /// <summary>A container's program was seen.</summary>
    public bool HasPayload { get; private set; }

    /// <summary>A library was opened, or a file mapped.</summary>
    public bool HasLibraries { get; private set; }

    public long Of(CallClass group) => _classes[(int)group];

    /// <summary>Takes over where and as whom a command starts.</summary>
    /// <param name="directory">A quoted path; for one that was found, its program behind it.</param>
    /// <param name="found">It ran already; root found it.</param>
    /// <returns>False where that is none.</returns>
    public bool Start(TraceThread thread, ReadOnlySpan<byte> directory, long? user, bool found)
    {
        Reserve(directory.Length);
        int end = StraceText.Unquote(directory, _path, out int length, out _);
        if (end < 0)
        {
            return false;
        }

        IsOwn = true;
        thread.Process.HasOtherRoot |= directory[end..].StartsWith(" of another root"u8);
        thread.Process.Directory.Path = length == 0 ? 0 : table.Texts.Add(_path.AsSpan(0, length));
        thread.Process.Image = user is { } known ? thread.Process.Image.As(known) : thread.Process.Image;
        _keepsSetUserId = found || user == 0;
        ReadOnlySpan<byte> running = " running "u8;
        if (found && directory[end..].StartsWith(running)
            && StraceText.Unquote(directory[(end + running.Length)..], _path, out length, out _) > 0)
        {
            thread.Process.Image = thread.Process.Image.After(length == 0 ? 0 : table.Texts.Add(_path.AsSpan(0, length)), 0);
        }

        return true;
    }

    /// <summary>Reads a call that is over, or whose end will never come.</summary>
    /// <returns>False where its result is none.</returns>
    public bool Read(TraceThread thread, in StraceCall call, Origin origin)
    {
        StraceResult result = call.Form == StraceForm.Complete ? StraceResult.Parse(call.Result) : StraceResult.Missing;
        if (result.Kind == StraceResultKind.Malformed)
        {
            return false;
        }

        CallEntry entry = CallTable.Find(call.Name);
        _classes[(int)entry.Class]++;
        if (!onlyPayload || thread.Process.IsPayload)
        {
            table.Calls.Add(call.Name);
        }

        (_thread, _origin) = (thread, origin);
        if (result.IsTampered)
        {
            coverage.Note(CoverageProblem.Tampered, origin);
        }

        if (entry.Shape == CallShape.Clone && (result.IsTampered || result.Kind == StraceResultKind.Restarted))
        {
            ReadClone(call, result);
        }
        else if (!result.IsTampered)
        {
            // A call that a signal interrupted is perhaps made again, and perhaps not: a connection that was begun goes on.
            _outcome = IsAnswer(call.Name, result) ? OutcomePool.Success : OutcomeOf(result);
            Reserve(call.Arguments.Length);
            Dispatch(entry, call, result);
        }

        return true;
    }

    /// <summary>Errors that tell something about an object that was reached: it is no link, readlink(2); it has no such
    /// attribute, getxattr(2).</summary>
    private static bool IsAnswer(ReadOnlySpan<byte> name, StraceResult result) => result.Kind == StraceResultKind.Error
        && (name.StartsWith("readlink"u8) ? result.Text.SequenceEqual("EINVAL"u8)
            : name.IndexOf("getxattr"u8) >= 0 && (result.Text.SequenceEqual("ENODATA"u8) || result.Text.SequenceEqual("EOPNOTSUPP"u8)));

    private int OutcomeOf(StraceResult result)
    {
        switch (result.Kind)
        {
            case StraceResultKind.Value:
                Successes++;
                return OutcomePool.Success;
            case StraceResultKind.Error when result.Text.IsEmpty:
                Errors++;
                return table.Outcomes.Add(System.Text.Encoding.ASCII.GetBytes($"errno {result.Value}"));
            case StraceResultKind.Error:
                Errors++;
                return table.Outcomes.Add(result.Text);
            default:
                return OutcomePool.Unknown;
        }
    }

    private void Dispatch(CallEntry entry, in StraceCall call, StraceResult result)
    {
        ReadOnlySpan<byte> arguments = call.Arguments;
        switch (entry.Shape)
        {
            case CallShape.Path or CallShape.At or CallShape.Watch or CallShape.Owner or CallShape.OwnerAt:
                ReadPath(entry, arguments);
                break;
            case CallShape.Open or CallShape.OpenAt or CallShape.OpenAt2 or CallShape.Create:
                ReadOpen(entry.Shape, arguments, call.Result, result);
                break;
            case CallShape.Queue:
                ReadQueue(entry.Operation, arguments, result);
                break;
            case CallShape.Execute or CallShape.ExecuteAt:
                ReadExecute(entry.Shape, arguments, result);
                break;
            case CallShape.Rename or CallShape.RenameAt or CallShape.Link or CallShape.LinkAt
                or CallShape.Symlink or CallShape.SymlinkAt:
                ReadTwoPaths(entry, arguments);
                break;
            case CallShape.ChangeDirectory or CallShape.ChangeDirectoryByDescriptor or CallShape.ChangeRoot
                or CallShape.CurrentDirectory:
                ReadDirectory(entry, arguments, result);
                break;
            case CallShape.Descriptor or CallShape.OwnerOfDescriptor:
                ReadDescriptor(entry, Take(ref arguments), arguments);
                break;
            case CallShape.Map:
                ReadMap(arguments);
                break;
            case CallShape.Close or CallShape.CloseRange or CallShape.Duplicate or CallShape.DuplicateTo
                or CallShape.DescriptorControl or CallShape.Pipe or CallShape.Nameless or CallShape.MemoryFile:
                ReadDescriptorChange(entry.Shape, call.Name, arguments, result);
                break;
            case CallShape.Socket or CallShape.SocketPair or CallShape.Accept:
                ReadSocket(entry.Shape, arguments, call.Result, result);
                break;
            case CallShape.Connect or CallShape.Bind or CallShape.SendTo:
                ReadAddress(entry, arguments, result);
                break;
            case CallShape.SendMessage:
                ReadMessages(call.Name, arguments);
                break;
            case CallShape.Listen:
                ReadListen(arguments);
                break;
            case CallShape.Clone:
                ReadClone(call, result);
                break;
            case CallShape.Exit:
                _thread.Process.IsExiting |= call.Name.SequenceEqual("exit_group"u8) || _thread.Process.Threads == 1;
                break;
            case CallShape.Other:
                break;
            default:
                ReadPrivilege(entry, call.Name, arguments, result);
                break;
        }

        if (entry.Shape is CallShape.Other or CallShape.Clone or CallShape.Socket or CallShape.Map
            && table.Outcomes[_outcome].Kind == OutcomeKind.Denied)
        {
            Add(Operation.SystemCall, ObjectKind.SystemCall, call.Name);
        }
    }

    private void Add(
        Operation operation, ObjectKind kind, ReadOnlySpan<byte> target, int detail = 0,
        ReadOnlySpan<byte> resolved = default, bool isUnresolved = false)
    {
        if (isUnresolved && (!onlyPayload || _thread.Process.IsPayload))
        {
            coverage.Note(CoverageProblem.UnresolvedPaths, _origin);
        }

        if (onlyPayload && !_thread.Process.IsPayload)
        {
            return;
        }

        HasPayload |= _thread.Process.IsPayload;
        table.Add(_thread.Process.Image, operation, kind, target, _outcome, _origin, detail, resolved, isUnresolved);
    }

    /// <summary>Adds a call with a word behind its name: <c>mount /mnt</c>.</summary>
    private void AddCall(Operation operation, ObjectKind kind, ReadOnlySpan<byte> name, ReadOnlySpan<byte> word)
    {
        Grow(ref _name, name.Length + word.Length + 1);
        name.CopyTo(_name);
        if (word.IsEmpty)
        {
            Add(operation, kind, name);
            return;
        }

        _name[name.Length] = (byte)' ';
        word.CopyTo(_name.AsSpan(name.Length + 1));
        Add(operation, kind, _name.AsSpan(0, name.Length + 1 + word.Length));
    }

    /// <summary>No part of a call is longer than all of it, decoded or not.</summary>
    private void Reserve(int length)
    {
        Grow(ref _path, length + 128);
        Grow(ref _second, length + 128);
        Grow(ref _name, length + 128);
    }

    private static void Grow(ref byte[] buffer, int length)
    {
        if (buffer.Length < length)
        {
            buffer = new byte[Math.Max(length, buffer.Length * 2)];
        }
    }

    /// <summary>The next argument without its name, which <c>-N</c> puts before it: <c>flags=O_RDONLY</c>.</summary>
    private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> list)
    {
        ReadOnlySpan<byte> argument = StraceScanner.TakeArgument(ref list);
        int at = 0;
        while (at < argument.Length
            && (argument[at] is (>= (byte)'a' and <= (byte)'z') or (byte)'_' || (at > 0 && LogText.IsDigit(argument[at]))))
        {
            at++;
        }

        return at > 0 && at < argument.Length && argument[at] == '=' ? argument[(at + 1)..] : argument;
    }
}
