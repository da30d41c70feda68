using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using ShellGuard.Audit.Coverage;
using ShellGuard.Audit.Import;
using ShellGuard.Audit.Model;
using ShellGuard.Core;
using ShellGuard.Core.Events;
using ShellGuard.Linux.Calls;

namespace ShellGuard.Audit.Reports;

/// <summary>Writes what a recording says as lines of JSON, for programs and as evidence: a header with the inputs and
/// their hashes, then the life of each process, each process that accessed something before its first access, each distinct
/// access, and an end with the hash of all before it. The same inputs give the same bytes. Everything but printable ASCII is escaped. <c>docs/audit-format.md</c> describes it.
/// </summary>
public sealed partial class AuditWriter : IDisposable
{
    /// <summary>The version of the form.</summary>
    public const int Schema = 2;

    /// <summary>Bytes of whole lines that may wait until they are hashed and written.</summary>
    private const int PieceSize = 32 * 1024;

    private readonly Stream _stream;
    private readonly ArrayBufferWriter<byte> _buffer = new(4096);
    private readonly Utf8JsonWriter _json;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly Dictionary<ProcessIdentity, int> _processes = new(ReferenceEqualityComparer.Instance);
    private long _lines;

    private AuditWriter(Stream stream)
    {
        _stream = stream;
        _json = new Utf8JsonWriter(_buffer);
    }

    /// <param name="version">ShellGuard's version.</param>
    public static void Write(Stream stream, ImportResult result, string version)
    {
        using AuditWriter writer = new(stream);
        writer.Header(result, version);
        writer.Lives(result);
        foreach (SeenAccess seen in result.Accesses)
        {
            int process = writer.Process(seen.Access.Chain, 0);
            writer.Access(seen, process);
        }

        writer.Write();
        writer.End();
        writer.Write();
    }

    public void Dispose()
    {
        _json.Dispose();
        _hash.Dispose();
    }

    private void Header(ImportResult result, string version)
    {
        _json.WriteStartObject();
        _json.WriteNumber("shellguardAudit"u8, Schema);
        _json.WriteString("version"u8, version);
        _json.WriteStartArray("inputs"u8);
        foreach (ImportedInput input in result.Inputs)
        {
            _json.WriteStartObject();
            Text("name"u8, input.Name);
            _json.WriteString("format"u8, KebabCase.Of(input.Format.ToString()));
            _json.WriteNumber("bytes"u8, input.Bytes);
            _json.WriteNumber("lines"u8, input.Lines);
            _json.WriteString("sha256"u8, input.Sha256);
            if (input.Clock != TraceClock.None)
            {
                _json.WriteString("clock"u8, KebabCase.Of(input.Clock.ToString()));
            }

            if (input.Kernel is { } kernel)
            {
                _json.WriteStartObject("kernel"u8);
                _json.WriteString("release"u8, kernel.Release);
                _json.WriteString("machine"u8, kernel.Machine);
                _json.WriteEndObject();
            }

            _json.WriteEndObject();
        }

        _json.WriteEndArray();
        Runs(result.Runs);
        Coverage(result.Coverage);
        _json.WriteStartObject("lines"u8);
        foreach (LineKind kind in Enum.GetValues<LineKind>().Where(kind => result.Lines[kind] > 0))
        {
            _json.WriteNumber(KebabCase.Of(kind.ToString()), result.Lines[kind]);
        }

        _json.WriteEndObject();
        if (result.SystemCalls.Count > 0)
        {
            _json.WriteStartObject("systemCalls"u8);
            foreach (SeenCall call in result.SystemCalls)
            {
                _json.WriteNumber(call.Name, call.Count);
            }

            _json.WriteEndObject();
        }

        Environment(result);
        Users(result);
        _json.WriteStartArray("unknownLines"u8);
        foreach (UnknownLine line in result.Lines.Unknown)
        {
            _json.WriteStartObject();
            Place(line.Origin);
            _json.WriteString("text"u8, ByteEscape.Escape(line.Text.Span));
            _json.WriteNumber("length"u8, line.Length);
            _json.WriteEndObject();
        }

        _json.WriteEndArray();
        _json.WriteEndObject();
        Line();
    }

    private void Runs(IReadOnlyList<AuditRun> runs)
    {
        if (runs.Count == 0)
        {
            return;
        }

        _json.WriteStartArray("runs"u8);
        foreach (AuditRun run in runs)
        {
            _json.WriteStartObject();
            Text("name"u8, run.Name);
            _json.WriteString("sha256"u8, run.Sha256);
            _json.WriteString("state"u8, KebabCase.Of(run.State.ToString()));
            _json.WriteNumber("inputs"u8, run.Inputs);
            _json.WriteEndObject();
        }

        _json.WriteEndArray();
    }

    private void Coverage(CoverageVerdict coverage)
    {
        _json.WriteStartObject("coverage"u8);
        _json.WriteString("state"u8, KebabCase.Of(coverage.State.ToString()));
        _json.WriteStartArray("reasons"u8);
        foreach (CoverageReason reason in coverage.Reasons)
        {
            _json.WriteStartObject();
            _json.WriteString("problem"u8, KebabCase.Of(reason.Problem.ToString()));
            _json.WriteNumber("count"u8, reason.Count);
            Place(reason.First);
            Text("text"u8, reason.Text);
            _json.WriteEndObject();
        }

        _json.WriteEndArray();
        _json.WriteEndObject();
    }

    /// <summary>Writes a process and its ancestors, those first, unless they stand there already.</summary>
    /// <returns>Its number in this file, from 1; 0 for none.</returns>
    private int Process(IReadOnlyList<ProcessIdentity> chain, int index)
    {
        if (index >= chain.Count)
        {
            return 0;
        }

        ProcessIdentity process = chain[index];
        if (_processes.TryGetValue(process, out int number))
        {
            return number;
        }

        int parent = Process(chain, index + 1);
        number = _processes.Count + 1;
        _processes.Add(process, number);
        _json.WriteStartObject();
        _json.WriteNumber("process"u8, number);
        _json.WriteNumber("pid"u8, process.Pid);
        _json.WriteNumber("generation"u8, process.Generation);
        if (parent > 0)
        {
            _json.WriteNumber("parent"u8, parent);
        }

        if (process.Program.Length > 0)
        {
            Text("program"u8, process.Program);
        }

        if (process.CommandName.Length > 0)
        {
            Text("command"u8, process.CommandName);
        }

        if (process.User is { } user)
        {
            _json.WriteNumber("user"u8, user);
        }

        Arguments(process.Arguments);
        _json.WriteEndObject();
        Line();
        return number;
    }

    private void Access(SeenAccess seen, int process)
    {
        Access access = seen.Access;
        _json.WriteStartObject();
        _json.WriteNumber("operation"u8, (int)access.Operation);
        _json.WriteString("operationName"u8, KebabCase.Of(access.Operation.ToString()));
        _json.WriteNumber("kind"u8, (int)access.Kind);
        _json.WriteString("kindName"u8, KebabCase.Of(access.Kind.ToString()));
        Text("target"u8, access.Target);
        if (access.IsUnresolved)
        {
            _json.WriteBoolean("unresolved"u8, true);
        }

        if (access.Resolved is not null)
        {
            Text("resolved"u8, access.Resolved);
        }

        if (access.Destination is not null)
        {
            Text("destination"u8, access.Destination);
        }

        _json.WriteNumber("outcome"u8, (int)access.Outcome.Kind);
        _json.WriteString("outcomeName"u8, KebabCase.Of(access.Outcome.Kind.ToString()));
        if (access.Outcome.Error.Length > 0)
        {
            Text("error"u8, access.Outcome.Error);
        }

        Arguments(access.Arguments);
        _json.WriteNumber("count"u8, seen.Count);
        _json.WriteNumber("process"u8, process);
        Place(seen.Origin);
        if (seen.Runs.Count > 0)
        {
            _json.WriteStartArray("runs"u8);
            foreach (int run in seen.Runs)
            {
                _json.WriteNumberValue(run);
            }

            _json.WriteEndArray();
        }

        _json.WriteEndObject();
        Line();
    }

    private void Arguments(ArgumentVector arguments)
    {
        if (arguments is { Count: 0, IsCut: false })
        {
            return;
        }

        if (arguments.IsCut)
        {
            _json.WriteBoolean("argvCut"u8, true);
        }

        _json.WriteStartArray("argv"u8);
        foreach (HostileText argument in arguments.Kept)
        {
            Text(default, argument);
        }

        _json.WriteEndArray();
        if (arguments.Sha256 is not null)
        {
            _json.WriteNumber("argc"u8, arguments.Count);
            _json.WriteNumber("argvBytes"u8, arguments.Bytes);
            _json.WriteString("argvSha256"u8, arguments.Sha256);
        }
    }

    /// <summary>Where something stands: number of the input from 0, number of the line from 1.</summary>
    private void Place(Origin origin)
    {
        if (origin.Line > 0)
        {
            _json.WriteNumber("input"u8, origin.Input);
            _json.WriteNumber("line"u8, origin.Line);
        }
    }

    private void Text(ReadOnlySpan<byte> name, string text) => Text(name, HostileText.Of(KernelText.Encode(text)));

    /// <summary>As in a journal: exact bytes, and for what is too long its beginning, length and hash.</summary>
    private void Text(ReadOnlySpan<byte> name, HostileText text)
    {
        if (!name.IsEmpty)
        {
            _json.WritePropertyName(name);
        }

        if (!text.IsTruncated)
        {
            _json.WriteStringValue(text.ToString());
            return;
        }

        _json.WriteStartObject();
        _json.WriteString("text"u8, text.ToString());
        _json.WriteNumber("length"u8, text.Length);
        _json.WriteString("sha256"u8, text.Sha256);
        _json.WriteEndObject();
    }

    private void End()
    {
        _json.WriteStartObject();
        _json.WriteNumber("end"u8, _lines);
        _json.WriteString("sha256"u8, Convert.ToHexString(_hash.GetCurrentHash()).ToLowerInvariant());
        _json.WriteEndObject();
        Line();
    }

    private void Line()
    {
        _json.Flush();
        _buffer.Write("\n"u8);
        _json.Reset(_buffer);
        _lines++;
        if (_buffer.WrittenCount >= PieceSize)
        {
            Write();
        }
    }

    /// <summary>Hands on what lies here.</summary>
    private void Write()
    {
        _hash.AppendData(_buffer.WrittenSpan);
        _stream.Write(_buffer.WrittenSpan);
        _buffer.ResetWrittenCount();
    }
}
