using System.Buffers.Binary;
using System.Globalization;
using ShellGuard.Cells.Pipelines;
using ShellGuard.Leash.Integrity;
using ShellGuard.Linux;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;
using ShellGuard.Linux.Terminals;

namespace ShellGuard.Leash.Execution;

/// <summary>How a leash hands a pipeline to the process that makes the cell: the words in its arguments, the files as open
/// descriptors, and a pipe back for how the stages ended.</summary>
public sealed class CellHandOver : IDisposable
{
    /// <summary>The hidden verb.</summary>
    public const string Verb = "leash-cell";

    /// <summary>The most stages whose files and pipes go into one message to the cell, unix(7).</summary>
    public const int MostStages = 24;

    /// <summary>The number at which the pipe back is open.</summary>
    internal const int ReportNumber = 3;

    /// <summary>The number of the first file.</summary>
    internal const int FirstFile = 4;

    private const string Program = "program";
    private const string Script = "script";
    private const int EndBytes = 32;

    private readonly Descriptor _report;

    private CellHandOver(Descriptor report, IReadOnlyList<PipelineStage> stages)
    {
        _report = report;
        Stages = stages;
    }

    public IReadOnlyList<PipelineStage> Stages { get; }

    /// <summary>The pipeline as one command, for records.</summary>
    public IReadOnlyList<string> Words
    {
        get
        {
            List<string> words = [];
            foreach (PipelineStage stage in Stages)
            {
                if (words.Count > 0)
                {
                    words.Add("|");
                }

                words.AddRange(stage.Arguments);
            }

            return words;
        }
    }

    /// <summary>The files in the order in which they are handed over.</summary>
    internal static IReadOnlyList<Descriptor> FilesOf(PreparedPipeline pipeline)
    {
        List<Descriptor> files = [];
        foreach (PreparedStage stage in pipeline.Stages)
        {
            files.Add((stage.Interpreter ?? stage.File).Executable);
            if (stage.Interpreter is not null)
            {
                files.Add(stage.File.Executable);
            }
        }

        return files;
    }

    /// <summary>The arguments of the process that makes the cell.</summary>
    internal static IReadOnlyList<string> ArgumentsFor(PreparedPipeline pipeline, CellWrapper cell)
    {
        List<string> words = ["shellguard", Verb, "--policy", cell.Policy];
        if (cell.Name is { } name)
        {
            words.AddRange(["--in", name]);
        }

        words.Add("--");
        foreach (PreparedStage stage in pipeline.Stages)
        {
            IReadOnlyList<string> arguments = stage.Arguments;
            words.Add(stage.Interpreter is null ? Program : Script);
            words.Add(arguments.Count.ToString(CultureInfo.InvariantCulture));
            words.AddRange(arguments);
        }

        return words;
    }

    /// <summary>Takes what was handed over.</summary>
    /// <param name="words">Behind the options.</param>
    /// <returns>Null where it is not what a leash hands over.</returns>
    public static CellHandOver? Take(IReadOnlyList<string> words)
    {
        List<PipelineStage> stages = [];
        int file = FirstFile;
        for (int at = 0; at < words.Count;)
        {
            bool isScript = words[at] == Script;
            if ((!isScript && words[at] != Program) || at + 1 == words.Count || stages.Count == MostStages
                || !int.TryParse(words[at + 1], NumberStyles.None, CultureInfo.InvariantCulture, out int count)
                || count < 1 || count > words.Count - at - 2
                || !TryTake(ref file, out Descriptor? program))
            {
                return null;
            }

            Descriptor? script = null;
            if (isScript && !TryTake(ref file, out script))
            {
                return null;
            }

            stages.Add(new PipelineStage([.. words.Skip(at + 2).Take(count)], program!, script));
            at += count + 2;
        }

        return stages.Count > 0 && DescriptorIo.Duplicate(ReportNumber, out Descriptor report).Succeeded
            ? new CellHandOver(report, stages)
            : null;
    }

    /// <summary>Tells the leash how the stages ended. Where it is gone, nobody is told.</summary>
    public void Report(IReadOnlyList<StageEnd> ends)
    {
        byte[] message = new byte[EndBytes * ends.Count];
        for (int i = 0; i < ends.Count; i++)
        {
            Span<byte> end = message.AsSpan(i * EndBytes, EndBytes);
            BinaryPrimitives.WriteInt32LittleEndian(end, ends[i].Exit.Status);
            BinaryPrimitives.WriteInt32LittleEndian(end[4..], ends[i].Exit.Signal ?? 0);
            BinaryPrimitives.WriteInt64LittleEndian(end[8..], ends[i].Usage.User.Ticks);
            BinaryPrimitives.WriteInt64LittleEndian(end[16..], ends[i].Usage.System.Ticks);
            BinaryPrimitives.WriteInt64LittleEndian(end[24..], ends[i].Usage.PeakBytes);
        }

        // Shorter than a pipe's buffer, so it is written whole or not at all, pipe(7); the status says the rest.
        _ = DescriptorIo.Write(_report, message);
    }

    /// <summary>Reads what came back.</summary>
    /// <param name="report">The pipe, whose other end is closed by now.</param>
    /// <param name="stages">How many ends there must be.</param>
    /// <returns>Null where the process that made the cell ended without telling.</returns>
    internal static IReadOnlyList<StageResult>? Read(Descriptor report, int stages)
    {
        byte[] message = new byte[(EndBytes * stages) + 1];
        LinuxResult read = DescriptorIo.Read(report, message);
        if (read.Failed || read.Value != EndBytes * stages)
        {
            return null;
        }

        List<StageResult> results = [];
        for (int i = 0; i < stages; i++)
        {
            ReadOnlySpan<byte> end = message.AsSpan(i * EndBytes, EndBytes);
            int signal = BinaryPrimitives.ReadInt32LittleEndian(end[4..]);
            results.Add(new StageResult(
                new ProcessExit(BinaryPrimitives.ReadInt32LittleEndian(end), signal == 0 ? null : signal),
                new ProcessUsage(
                    TimeSpan.FromTicks(BinaryPrimitives.ReadInt64LittleEndian(end[8..])),
                    TimeSpan.FromTicks(BinaryPrimitives.ReadInt64LittleEndian(end[16..])),
                    BinaryPrimitives.ReadInt64LittleEndian(end[24..]))));
        }

        return results;
    }

    public void Dispose()
    {
        _report.Dispose();
        foreach (PipelineStage stage in Stages)
        {
            stage.Executable.Dispose();
            stage.Script?.Dispose();
        }
    }

    /// <summary>A regular file at the next number: a directory would be a way out of the cell, openat(2).</summary>
    private static bool TryTake(ref int number, out Descriptor? file)
    {
        file = null;
        if (DescriptorIo.Duplicate(number++, out Descriptor same).Failed)
        {
            return false;
        }

        file = same;
        bool isRegular = Files.Status(same, out FileStatus status).Succeeded && status.IsRegular;
        if (!isRegular)
        {
            same.Dispose();
        }

        return isRegular;
    }
}
