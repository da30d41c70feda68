using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Text;
using ShellGuard.Audit.Coverage;
using ShellGuard.Audit.Model;
using ShellGuard.Core;
using ShellGuard.Linux;
using ShellGuard.Linux.Abi;

namespace ShellGuard.Audit.Import.Tables;

/// <summary>What a row of each tool means.</summary>
internal sealed partial class TableReader
{
    /// <summary>A path of this length was cut: the tools copy 255 or 256 bytes.</summary>
    private const int LongPath = 254;

    private byte[] _text = new byte[8192];

    private bool ReadRow(TableRow row, ReadOnlySpan<byte> line, Origin origin)
    {
        if (LogText.Decimal(row.Value(line, "PID"), out long pid) == 0 && LogText.Decimal(row.Value(line, "TID"), out pid) == 0)
        {
            return false;
        }

        if (pid > int.MaxValue)
        {
            return false;
        }

        ReadOnlySpan<byte> command = row.Value(line, "COMM");
        long user = LogText.Decimal(row.Value(line, "UID"), out long uid) > 0 ? uid : ProcessImage.UnknownUser;
        if (row.Header.Tool == TableTool.Execsnoop)
        {
            ReadExecution(row, line, (int)pid, command, user, origin);
            return true;
        }

        if (row.Header.Tool == TableTool.Exitsnoop)
        {
            _processes.End((int)pid);
            return true;
        }

        ProcessImage who = _processes.Find((int)pid, command, row.Header.Tool == TableTool.Setuids ? ProcessImage.UnknownUser : user);
        switch (row.Header.Tool)
        {
            case TableTool.Opensnoop or TableTool.Statsnoop:
                ReadPath(row, line, who, origin);
                return true;
            case TableTool.Tcpconnect:
                AddEndpoint(who, Operation.Connect, row.Value(line, "DADDR"), row.Value(line, "DPORT"), "/tcp"u8, OutcomePool.Success, origin);
                return true;
            case TableTool.Tcpaccept:
                AddEndpoint(who, Operation.Listen, row.Value(line, "LADDR"), row.Value(line, "LPORT"), "/tcp"u8, OutcomePool.Success, origin);
                return true;
            case TableTool.Tcplife:
                ReadConnection(row, line, who, origin);
                return true;
            case TableTool.Bindsnoop:
                ReadBind(row, line, who, origin);
                return true;
            case TableTool.Capable:
                ReadCapability(row, line, who, origin);
                return true;
            default:
                return ReadIdentity(row, line, who, origin);
        }
    }

    private void ReadExecution(
        TableRow row, ReadOnlySpan<byte> line, int pid, ReadOnlySpan<byte> command, long user, Origin origin)
    {
        LogText.Decimal(row.Value(line, "PPID"), out long parent);
        ReadOnlySpan<byte> arguments = row.Value(line, "ARGS");
        if (arguments.EndsWith("..."u8))
        {
            coverage.Note(CoverageProblem.CutText, origin);
            arguments = arguments[..^3].TrimEnd((byte)' ');
        }

        int words = Words(arguments, out int first);
        if (first == 0)
        {
            // The arguments were not in memory when the tool looked.
            coverage.Note(CoverageProblem.CutText, origin);
            return;
        }

        ReadOnlySpan<byte> program = table.Texts[first];
        ReadOnlySpan<byte> result = row.Value(line, "RET");
        int outcome = result.IsEmpty ? OutcomePool.Unknown : OutcomeOf(result);
        bool started = outcome is OutcomePool.Success or OutcomePool.Unknown;
        ProcessImage who = started
            ? _processes.Execute(pid, (int)Math.Min(parent, int.MaxValue), first, words, table.Texts.Add(command), user)
            : _processes.Find(pid, command, user);
        table.Add(
            who, Operation.Execute, ObjectKind.Path, program, outcome, origin, started ? words : 0,
            isUnresolved: !program.StartsWith("/"u8));
    }

    /// <summary>Words between blanks or, with -q, in quotes, each followed by NUL in the pool.</summary>
    private int Words(ReadOnlySpan<byte> text, out int first)
    {
        first = 0;
        Grow(text.Length + 2);
        int used = 0;
        bool quoted = text.StartsWith("\""u8);
        while (!text.IsEmpty)
        {
            int end = quoted && text[0] == '"' ? text[1..].IndexOf((byte)'"') + 1 : text.IndexOf((byte)' ');
            end = end <= 0 ? text.Length : end;
            ReadOnlySpan<byte> word = quoted ? text[..end].Trim((byte)'"') : text[..end];
            first = used == 0 ? table.Texts.Add(word) : first;
            word.CopyTo(_text.AsSpan(used));
            used += word.Length;
            _text[used++] = 0;
            text = text[Math.Min(text.Length, quoted ? end + 1 : end)..].TrimStart((byte)' ');
        }

        return table.Texts.Add(_text.AsSpan(0, used));
    }

    private void ReadPath(TableRow row, ReadOnlySpan<byte> line, ProcessImage who, Origin origin)
    {
        ReadOnlySpan<byte> path = row.Value(line, "PATH");
        if (path.IsEmpty || path.Length >= LongPath)
        {
            coverage.Note(CoverageProblem.CutText, origin);
        }

        if (path.IsEmpty)
        {
            return;
        }

        bool unresolved = path[0] != '/';
        if (unresolved)
        {
            coverage.Note(CoverageProblem.UnresolvedPaths, origin);
        }

        Grow(path.Length + 2);
        ReadOnlySpan<byte> target = _text.AsSpan(0, PathText.Join(default, path, _text));
        int outcome = OutcomeOf(row.Value(line, "ERR"));
        if (row.Header.Tool == TableTool.Statsnoop)
        {
            table.Add(who, Operation.Stat, ObjectKind.Path, target, outcome, origin, isUnresolved: unresolved);
            return;
        }

        ReadOnlySpan<byte> flags = row.Value(line, "FLAGS");
        OpenFlags bits = OpenFlags.RDONLY;
        if (flags.IsEmpty)
        {
            _flagsMissing = true;
        }
        else
        {
            // Octal with leading zeros: %08o.
            LogText.Number([(byte)'0', .. flags], out long value);
            bits = (OpenFlags)value;
        }

        int access = (int)bits & 3;
        Operation operation = bits.HasFlag(OpenFlags.PATH) ? Operation.Stat
            : bits.HasFlag(OpenFlags.DIRECTORY) ? Operation.List
            : access == 1 ? Operation.Write
            : Operation.Read;
        table.Add(who, operation, ObjectKind.Path, target, outcome, origin, isUnresolved: unresolved);
        if (operation == Operation.Read && (access >= 2 || bits.HasFlag(OpenFlags.TRUNC)))
        {
            table.Add(who, Operation.Write, ObjectKind.Path, target, outcome, origin, isUnresolved: unresolved);
        }

        if (bits.HasFlag(OpenFlags.CREAT) && operation is Operation.Read or Operation.Write)
        {
            table.Add(who, Operation.Create, ObjectKind.Path, target, outcome, origin, isUnresolved: unresolved);
        }
    }

    /// <summary>tcplife does not tell who connected: the side with the lower port is taken for the server.</summary>
    private void ReadConnection(TableRow row, ReadOnlySpan<byte> line, ProcessImage who, Origin origin)
    {
        LogText.Decimal(row.Value(line, "LPORT"), out long local);
        LogText.Decimal(row.Value(line, "RPORT"), out long remote);
        if (remote <= local)
        {
            AddEndpoint(who, Operation.Connect, row.Value(line, "RADDR"), row.Value(line, "RPORT"), "/tcp"u8, OutcomePool.Success, origin);
        }
        else
        {
            AddEndpoint(who, Operation.Listen, row.Value(line, "LADDR"), row.Value(line, "LPORT"), "/tcp"u8, OutcomePool.Success, origin);
        }
    }

    private void ReadBind(TableRow row, ReadOnlySpan<byte> line, ProcessImage who, Origin origin)
    {
        ReadOnlySpan<byte> protocol = row.Value(line, "PROT");
        protocol = protocol.IsEmpty ? row.Value(line, "PROTO") : protocol;
        ReadOnlySpan<byte> result = row.Value(line, "RET"), code = row.Value(line, "RC");
        AddEndpoint(
            who, Operation.Bind, row.Value(line, "ADDR"), row.Value(line, "PORT"),
            protocol.StartsWith("UDP"u8) ? "/udp"u8 : protocol.StartsWith("TCP"u8) ? "/tcp"u8 : default,
            !code.IsEmpty ? OutcomeOfMessage(code)
                : result.IsEmpty ? OutcomePool.Success
                : OutcomeOf(result),
            origin);
    }

    /// <summary>A check without audit (AUDIT 0) is the kernel's own question, not the program's wish.</summary>
    private void ReadCapability(TableRow row, ReadOnlySpan<byte> line, ProcessImage who, Origin origin)
    {
        if (row.Value(line, "AUDIT").SequenceEqual("0"u8))
        {
            return;
        }

        ReadOnlySpan<byte> name = row.Value(line, "NAME");
        ReadOnlySpan<byte> verdict = row.Value(line, "VERDICT");
        int outcome = verdict.SequenceEqual("deny"u8) ? table.Outcomes.Add("EPERM"u8)
            : verdict.IsEmpty ? OutcomePool.Unknown
            : OutcomePool.Success;
        if (name.SequenceEqual("?"u8))
        {
            table.Add(who, Operation.SystemCall, ObjectKind.Privilege, [.. "CAP "u8, .. row.Value(line, "CAP")], outcome, origin);
        }
        else
        {
            table.Add(who, Operation.SystemCall, ObjectKind.Privilege, name, outcome, origin);
        }
    }

    /// <summary><c>setresuid ruid=0 euid=42 suid=0 (0)</c>, <c>setfsuid uid=7 (prevuid=0)</c>, and the same for groups.
    /// </summary>
    private bool ReadIdentity(TableRow row, ReadOnlySpan<byte> line, ProcessImage who, Origin origin)
    {
        ReadOnlySpan<byte> arguments = row.Value(line, "ARGS");
        bool isGroup = row.Value(line, "SYSCALL").EndsWith("gid"u8);
        int result = arguments.LastIndexOf((byte)'(');
        if (result < 0)
        {
            return false;
        }

        // -1 leaves a number as it is, setresuid(2): then the real one is what was asked for.
        ReadOnlySpan<byte> given = arguments[..result];
        long? identity = isGroup
            ? Identity(given, " egid="u8) ?? Identity(given, "gid="u8) ?? Identity(given, "rgid="u8)
            : Identity(given, " euid="u8) ?? Identity(given, "uid="u8) ?? Identity(given, "ruid="u8);
        if (identity is not { } number)
        {
            return false;
        }

        // setfsuid(2) returns the number from before, whether it changed it or not.
        bool isFileSystem = row.Value(line, "SYSCALL").StartsWith("setfs"u8);
        ReadOnlySpan<byte> returned = arguments[(result + 1)..].TrimEnd((byte)')');
        table.Add(
            who, Operation.ChangeIdentity, ObjectKind.Identity, Encoding.ASCII.GetBytes($"{(isGroup ? "gid" : "uid")} {number}"),
            isFileSystem ? OutcomePool.Unknown : OutcomeOf(returned), origin);
        return true;
    }

    /// <param name="name">With the blank before it where it is not the first.</param>
    private static long? Identity(ReadOnlySpan<byte> arguments, ReadOnlySpan<byte> name)
    {
        int at = name[0] == ' ' ? arguments.IndexOf(name) : arguments.StartsWith(name) ? 0 : -1;
        return at >= 0 && LogText.Number(arguments[(at + name.Length)..], out long number) > 0 && number is >= 0 and < uint.MaxValue ? number : null;
    }

    private void AddEndpoint(
        ProcessImage who, Operation operation, ReadOnlySpan<byte> address, ReadOnlySpan<byte> port,
        ReadOnlySpan<byte> protocol, int outcome, Origin origin)
    {
        Grow(address.Length + 32);
        int used = 0;
        bool brackets = address.IndexOf((byte)':') >= 0;
        if (brackets)
        {
            _text[used++] = (byte)'[';
        }

        address.CopyTo(_text.AsSpan(used));
        used += address.Length;
        if (brackets)
        {
            _text[used++] = (byte)']';
        }

        _text[used++] = (byte)':';
        LogText.Decimal(port, out long number);
        Utf8Formatter.TryFormat(number & 0xffff, _text.AsSpan(used), out int digits);
        used += digits;
        protocol.CopyTo(_text.AsSpan(used));
        table.Add(who, operation, ObjectKind.Endpoint, _text.AsSpan(0, used + protocol.Length), outcome, origin);
    }

    /// <summary>0, a number of an error with or without a minus, or an error's name.</summary>
    private int OutcomeOf(ReadOnlySpan<byte> error)
    {
        if (error.StartsWith("E"u8))
        {
            return table.Outcomes.Add(error);
        }

        if (LogText.Number(error, out long number) == 0)
        {
            return OutcomePool.Unknown;
        }

        number = number < 0 ? -number : number;
        return number == 0 ? OutcomePool.Success
            : table.Outcomes.Add(Encoding.ASCII.GetBytes(
                number is > 0 and <= int.MaxValue && Enum.IsDefined((Errno)number) ? ((Errno)number).ToString() : $"errno {number}"));
    }

    /// <summary>As <see cref="OutcomeOf"/>, or the error in words as Python writes it: <c>Success</c>, <c>Address already in use</c>,
    /// <c>Unknown error -98</c>.</summary>
    private int OutcomeOfMessage(ReadOnlySpan<byte> message)
    {
        ReadOnlySpan<byte> unknown = "Unknown error "u8;
        if (message.StartsWith(unknown) || LogText.Number(message, out _) > 0)
        {
            return OutcomeOf(message.StartsWith(unknown) ? message[unknown.Length..] : message);
        }

        if (message.SequenceEqual("Success"u8))
        {
            return OutcomePool.Success;
        }

        string words = Encoding.UTF8.GetString(message);
        foreach (Errno error in Enum.GetValues<Errno>())
        {
            if (Marshal.GetPInvokeErrorMessage((int)error) == words)
            {
                return table.Outcomes.Add(Encoding.ASCII.GetBytes(error.ToString()));
            }
        }

        return OutcomePool.Unknown;
    }

    private void Grow(int length)
    {
        if (_text.Length < length)
        {
            _text = new byte[Math.Max(length, _text.Length * 2)];
        }
    }
}
