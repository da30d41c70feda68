using ShellGuard.Audit.Import.Strace;

namespace ShellGuard.Audit.Import;

/// <summary>Files of strace -ff. Their lines have no order between files, so a process's file is read before those of
/// its children, which begin with the descriptors and the directory that it had.</summary>
public sealed partial class Importer
{
    private void ReadSplit(InputSet set)
    {
        StraceReader reader = new(_table, _coverage, _counts, isSplit: true, _options.OnlyPayload);
        Dictionary<int, List<int>> children = [];
        HashSet<int> made = [];
        foreach ((OpenInput file, int thread) in set.Files)
        {
            if (_stop.IsCancellationRequested)
            {
                return;
            }

            children[thread] = LookThrough(file, reader);
            made.UnionWith(children[thread]);
        }

        Dictionary<int, OpenInput> files = set.Files.ToDictionary(file => file.Thread, file => file.Input);
        Stack<int> next = new(files.Keys.Where(thread => !made.Contains(thread)).OrderDescending());
        HashSet<int> left = [.. files.Keys];
        while (left.Count > 0)
        {
            // Numbers that were used again may make a circle: then begin anywhere.
            int thread = next.Count > 0 ? next.Pop() : left.Min();
            if (!left.Remove(thread))
            {
                continue;
            }

            ReadThread(files[thread], thread, reader);
            foreach (int child in children[thread].AsEnumerable().Reverse().Where(left.Contains))
            {
                next.Push(child);
            }
        }

        reader.Finish();
    }

    private void ReadThread(OpenInput opened, int thread, StraceReader reader)
    {
        if (_stop.IsCancellationRequested)
        {
            return;
        }

        using InputFile file = InputFile.Open(opened);
        int input = _inputs.Count;
        bool isWhole = ReadLines(file, input, (line, origin) => reader.Read(line, origin, thread), isWhole: true);
        reader.FinishFile(thread);
        _inputs.Add(file.Finish(TraceFormat.Strace, isWhole, reader.Clock));
        _bytes += file.Count;
    }

    /// <summary>The threads that a thread made, and what goes on in another one's file.</summary>
    private List<int> LookThrough(OpenInput opened, StraceReader reader)
    {
        List<int> made = [];
        using InputFile file = InputFile.Open(opened);
        while (TryRead(file, out ReadOnlySpan<byte> line, out bool isWhole) && isWhole)
        {
            ReadOnlySpan<byte> body = line[StraceLeader.Read(line, out _)..];
            if (body.StartsWith("clone"u8) || body.StartsWith("fork("u8) || body.StartsWith("vfork("u8))
            {
                StraceCall call = StraceScanner.Scan(body);
                StraceResult result = call.Form == StraceForm.Complete ? StraceResult.Parse(call.Result) : default;
                if (result is { IsSuccess: true, Value: > 0 and <= int.MaxValue })
                {
                    made.Add((int)result.Value);
                }
            }
            else if (body.StartsWith("execve"u8) && body.EndsWith(" ...>"u8))
            {
                StraceCall call = StraceScanner.Scan(body);
                if (call.Form == StraceForm.PidChanged)
                {
                    int mark = body.LastIndexOf("<pid changed to "u8);
                    reader.KeepBeginning(call.NewPid, body[..mark].TrimEnd((byte)' '));
                }
            }
        }

        return made;
    }
}
