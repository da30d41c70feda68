using ShellGuard.Audit.Coverage;
using ShellGuard.Audit.Model;
using ShellGuard.Core;

namespace ShellGuard.Audit.Import.Strace;

internal sealed partial class CallReader
{
    /// <summary>Bytes kept of one command line.</summary>
    private const int MaxArguments = 64 * 1024;

    /// <summary>Set-user-ID programs of the usual systems. A log does not show a file's mode.</summary>
    private static readonly string[] SetUserIdPrograms =
    [
        "sudo", "su", "doas", "pkexec", "newgrp", "passwd", "chsh", "chfn", "gpasswd", "mount", "umount", "fusermount",
        "fusermount3", "crontab", "at", "newuidmap", "newgidmap", "ssh-keysign", "ntfs-3g", "firejail",
    ];

    private void ReadExecute(CallShape shape, ReadOnlySpan<byte> arguments, StraceResult result)
    {
        ReadOnlySpan<byte> directory = shape == CallShape.ExecuteAt ? Take(ref arguments) : default;
        ReadOnlySpan<byte> path = Take(ref arguments);
        ReadOnlySpan<byte> words = Take(ref arguments);
        ObjectKind kind = ObjectKind.Path;
        if (!TryTarget(directory, path, ref _joined, out ReadOnlySpan<byte> target, out bool unresolved)
            && (!IsEmpty(path) || !TryDescriptorTarget(Operation.Execute, directory, out kind, out target, out unresolved)))
        {
            if (result.IsSuccess && !path.StartsWith("0x"u8))
            {
                coverage.Note(CoverageProblem.UndecodedArguments, _origin);
            }

            FinishExecute(result, 0, 0);
            return;
        }

        if (result.Kind == StraceResultKind.Error)
        {
            // The search along PATH tries one directory after the other: the same arguments again and again.
            Add(Operation.Execute, kind, target, isUnresolved: unresolved);
            return;
        }

        int program = table.Texts.Add(target);

        _thread.Process.IsPayload |= result.IsSuccess && _thread.Process.HasOtherRoot;
        int command = ReadWords(words);
        if (result.IsSuccess)
        {
            ReadVariables(Take(ref arguments));
        }

        Add(Operation.Execute, kind, table.Texts[program], command, isUnresolved: unresolved);
        if (kind == ObjectKind.Memory && (!onlyPayload || _thread.Process.IsPayload))
        {
            // No file has this program: nobody can look afterwards at what ran.
            coverage.Note(CoverageProblem.UnresolvedPaths, _origin);
        }

        FinishExecute(result, program, command);
    }

    private void FinishExecute(StraceResult result, int program, int command)
    {
        if (!result.IsSuccess)
        {
            return;
        }

        TraceProcess process = _thread.Process;
        if (process.Threads > 1 && !threads.IsSplit)
        {
            foreach (TraceThread other in threads.Live.Where(other => other.Process == process && other != _thread).ToList())
            {
                threads.End(other);
            }
        }

        process.Image = process.Image.After(program, command);
        process.Life?.Execute(program, command);
        if (process.Life is { } life)
        {
            life.IsPayload |= process.IsPayload;
        }

        DescriptorTable before = process.Descriptors;
        process.Descriptors = before.AfterExec();
        before.Release();
        process.Directory = process.Directory.Fork();
        ReadOnlySpan<byte> path = table.Texts[program];
        string name = System.Text.Encoding.UTF8.GetString(path[(path.LastIndexOf((byte)'/') + 1)..]);
        if (!_keepsSetUserId && SetUserIdPrograms.Contains(name, StringComparer.Ordinal))
        {
            coverage.Note(CoverageProblem.SetUserId, _origin, detail: name);
        }
    }

    /// <summary>The arguments of a command in the pool, each followed by NUL; behind them the mark where some are not shown
    /// whole.</summary>
    private int ReadWords(ReadOnlySpan<byte> list)
    {
        if (!list.StartsWith("["u8) || !list.EndsWith("]"u8))
        {
            return 0;
        }

        list = list[1..^1];
        Grow(ref _arguments, Math.Min(list.Length, MaxArguments) + 1 + AccessReader.CutMark.Length);
        int used = 0;
        bool whole = true;
        while (!list.IsEmpty)
        {
            ReadOnlySpan<byte> word = StraceScanner.TakeArgument(ref list);
            if (StraceText.Unquote(word, _path, out int length, out bool isCut) < 0)
            {
                // "..." where the list is cut, an address where it could not be read.
                whole = false;
                break;
            }

            ReadOnlySpan<byte> text = _path.AsSpan(0, length);

            // A NUL ends an argument in the kernel; whoever writes one into a log means mischief.
            text = text.IndexOf((byte)0) is >= 0 and int nul ? text[..nul] : text;
            if (used + text.Length + 1 + AccessReader.CutMark.Length > _arguments.Length || used + text.Length + 1 > MaxArguments)
            {
                whole = false;
                break;
            }

            whole &= !isCut;
            text.CopyTo(_arguments.AsSpan(used));
            used += text.Length;
            _arguments[used++] = 0;
        }

        if (!whole)
        {
            coverage.Note(CoverageProblem.CutText, _origin);
            AccessReader.CutMark.CopyTo(_arguments.AsSpan(used));
            used += AccessReader.CutMark.Length;
        }

        return table.Texts.Add(_arguments.AsSpan(0, used));
    }

    /// <summary>The variables that a program is given: <c>strace -v</c> shows them. Of each only the name is read.</summary>
    private void ReadVariables(ReadOnlySpan<byte> list)
    {
        if (!list.StartsWith("["u8) || !list.EndsWith("]"u8) || (onlyPayload && !_thread.Process.IsPayload))
        {
            return;
        }

        bool isGiven = _thread.Process.Image is { Parent: null, Program: 0 };
        list = list[1..^1];
        while (!list.IsEmpty)
        {
            ReadOnlySpan<byte> word = StraceScanner.TakeArgument(ref list);
            if (StraceText.Unquote(word, _path, out int length, out bool isCut) < 0)
            {
                return;
            }

            // A text without "=" whose end is missing is the beginning of a name.
            if (!isCut || _path.AsSpan(0, length).IndexOf((byte)'=') >= 0)
            {
                table.Environment.Add(_path.AsSpan(0, length), isGiven, _origin);
            }
        }
    }

    /// <summary>Takes over the names of the variables that a command is given: <c>"HOME" "PATH" +++</c>.</summary>
    /// <returns>False where that is none.</returns>
    public bool Given(ReadOnlySpan<byte> names, Origin origin)
    {
        Reserve(names.Length);
        while (!names.StartsWith("+++"u8))
        {
            int end = StraceText.Unquote(names, _path, out int length, out _);
            if (end < 0)
            {
                return false;
            }

            table.Environment.Add(_path.AsSpan(0, length), isGiven: true, origin);
            names = names[end..].TrimStart((byte)' ');
        }

        return true;
    }

    private void ReadClone(in StraceCall call, StraceResult result)
    {
        int child = 0;
        if (result is { IsSuccess: true, Value: > 0 and <= int.MaxValue })
        {
            child = (int)result.Value;

            // --pidns-translation: "= 2 /* 4711 in strace's PID NS */".
            int comment = result.Text.IndexOf("/* "u8);
            if (comment >= 0 && result.Text.IndexOf(" in strace's PID NS"u8) > comment
                && LogText.Decimal(result.Text[(comment + 3)..], out long outside) > 0 && outside is > 0 and <= int.MaxValue)
            {
                child = (int)outside;
            }
        }

        CloneOptions options = CloneOptionsReader.Of(call.Arguments);
        if (options.HasFlag(CloneOptions.Untraced) && child > 0)
        {
            coverage.Note(CoverageProblem.UntracedClone, _origin);
        }

        threads.EndClone(_thread, child, options, _origin);
    }
}
