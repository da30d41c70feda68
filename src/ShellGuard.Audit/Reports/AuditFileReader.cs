using System.Security.Cryptography;
using System.Text.Json;
using ShellGuard.Audit.Import;
using ShellGuard.Journal.Format;

namespace ShellGuard.Audit.Reports;

/// <summary>Reads an audit file strictly. Takes any bytes: whatever is wrong becomes a problem with the number of its
/// line, and a file with a problem is not used.</summary>
public sealed class AuditFileReader : IDisposable
{
    /// <summary>Problems listed; all are counted.</summary>
    public const int MaxListed = 20;

    /// <summary>Lines read. No writer here writes more.</summary>
    public const long MaxLines = 8_000_000;

    private const int MaxDepth = 8;

    private readonly LineReader _lines;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly AuditLineParser _parser = new();
    private readonly List<AuditFileProblem> _problems = [];
    private long _problemCount;
    private string? _sha256;

    private AuditFileReader(Stream stream) => _lines = new LineReader(stream);

    /// <exception cref="IOException">The stream cannot be read.</exception>
    public static AuditFileResult Read(Stream stream)
    {
        using AuditFileReader reader = new(stream);
        return reader.Read();
    }

    public void Dispose() => _hash.Dispose();

    private AuditFileResult Read()
    {
        while (_lines.TryRead(out ReadOnlySpan<byte> line))
        {
            if (_lines.Number > MaxLines)
            {
                Note("more lines than any audit has");
                break;
            }

            if (_sha256 is not null)
            {
                Note("a line behind the end");
                break;
            }

            ReadLine(line.ToArray());
            if (_lines.Number == 1 && _problemCount > 0)
            {
                // It is something else: each of its lines would be a problem.
                break;
            }
        }

        if (_lines.Number == 0)
        {
            _problems.Add(new AuditFileProblem(1, "empty, as a tracer leaves it that is killed; import reads what it recorded until then, which is in FILE.strace.gz"));
            _problemCount++;
        }
        else if (_sha256 is null && _problemCount == 0)
        {
            Note("not whole: the line with the hash is missing at the end");
        }

        return new AuditFileResult(
            _problemCount == 0 ? new AuditFile(_parser.Version, _parser.ToResult(), _sha256!) : null, _problems, _problemCount);
    }

    private void ReadLine(byte[] line)
    {
        if (_lines.IsTooLong || _lines.IsTorn)
        {
            Note(_lines.IsTooLong ? "longer than any line of an audit" : "cut off: no line feed");
        }
        else if (!IsEnd(line))
        {
            _hash.AppendData(line);
            _hash.AppendData(_lines.LastLength > line.Length + 1 ? "\r\n"u8 : "\n"u8);
        }
    }

    private bool IsEnd(byte[] line)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(
                line, new JsonDocumentOptions { MaxDepth = MaxDepth });
            RefuseTwice(document.RootElement);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw new FormatException("not a JSON object");
            }

            RecordFields fields = new(document.RootElement);
            if (_lines.Number > 1 && fields.Has("end"))
            {
                End(fields);
                return true;
            }

            _parser.Add(fields, _lines.Number);
        }
        catch (JsonException)
        {
            Note("not JSON");
        }
        catch (FormatException failure)
        {
            Note(failure.Message);
        }
        catch (InvalidOperationException)
        {
            // JsonElement.GetString on a lone surrogate.
            Note("a text that is not Unicode");
        }

        return false;
    }

    /// <summary>Of a field that stands twice two readers could take different ones.</summary>
    private static void RefuseTwice(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement item in element.EnumerateArray())
            {
                RefuseTwice(item);
            }
        }
        else if (element.ValueKind == JsonValueKind.Object)
        {
            HashSet<string> names = new(StringComparer.Ordinal);
            foreach (JsonProperty property in element.EnumerateObject())
            {
                if (!names.Add(property.Name))
                {
                    throw new FormatException("a field stands twice");
                }

                RefuseTwice(property.Value);
            }
        }
    }

    private void End(RecordFields fields)
    {
        _sha256 = fields.Text("sha256");
        string found = Convert.ToHexString(_hash.GetCurrentHash()).ToLowerInvariant();
        if (fields.Int64("end") != _lines.Number - 1)
        {
            Note($"the end counts {fields.Int64("end")} lines, and {_lines.Number - 1} stand before it: lines were taken out or added");
        }
        else if (found != _sha256)
        {
            Note("the hash at the end is not that of the lines before it: the file was changed");
        }
    }

    private void Note(string text)
    {
        _problemCount++;
        if (_problems.Count < MaxListed)
        {
            _problems.Add(new AuditFileProblem(_lines.Number, text));
        }
    }
}
