using System.Text;

namespace ShellGuard.Audit.Import.Tables;

/// <summary>A table's header: which tool it is of, and what its columns are. Columns are known by their names, never by
/// their places, because those differ between versions and options.</summary>
internal sealed class TableHeader
{
    private TableHeader(TableTool tool, IReadOnlyList<string> names) => (Tool, Names) = (tool, names);

    public TableTool Tool { get; }

    /// <summary>Values have commas between them, and no blanks (tcplife -s).</summary>
    public bool IsSeparated { get; private init; }

    /// <summary>Before the command stands a text of six bytes or more, with nothing between them (exitsnoop --label). Where
    /// one ends and the other begins is not to be seen, and they are one column.</summary>
    public bool HasLabel { get; private init; }

    /// <summary>The columns' names; <c>COMM</c> for the command whatever it is called.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <returns>Null where a line is no header.</returns>
    public static TableHeader? Parse(ReadOnlySpan<byte> line)
    {
        if (line.Length > 400 || (line.IndexOf("PID"u8) < 0 && line.IndexOf("TID"u8) < 0) || !Ascii.IsValid(line))
        {
            return null;
        }

        bool separated = line.IndexOf((byte)' ') < 0;
        List<string> names =
        [
            .. Encoding.ASCII.GetString(line).Split(separated ? ',' : ' ', StringSplitOptions.RemoveEmptyEntries).Where(name => name != "(RET)"),
        ];
        if (names.Count < 3 || names.Exists(name => !name.All(letter => char.IsAsciiLetterOrDigit(letter) || "_()/-".Contains(letter))
            || !char.IsAsciiLetterUpper(name[0])))
        {
            return null;
        }

        // execsnoop of the latest bcc has both names: COMM is the new one then, PCOMM the parent's.
        if (names.Contains("PCOMM") && !names.Contains("COMM"))
        {
            names[names.IndexOf("PCOMM")] = "COMM";
        }

        int caller = names.IndexOf("PATH/CALLER");
        if (caller >= 0)
        {
            names[caller] = "PATH";
        }

        // Of two columns with one name nobody knows which is meant; a row with many commands can be split in endless ways.
        if (names.Distinct(StringComparer.Ordinal).Count() < names.Count)
        {
            return null;
        }

        TableTool tool = ToolOf(names, line);
        bool labelled = tool == TableTool.Exitsnoop && names.Remove("LABEL");
        return tool == TableTool.None || (separated && tool != TableTool.Tcplife)
            ? null
            : new TableHeader(tool, names) { IsSeparated = separated, HasLabel = labelled };
    }

    public static ColumnKind KindOf(string name, bool isLast) => name switch
    {
        "COMM" or "PCOMM" => ColumnKind.Command,
        "PID" or "TID" or "PPID" or "UID" or "FD" or "CPU" or "IP" or "DPORT" or "LPORT" or "SPORT" or "RPORT" or "PORT"
            or "CAP" or "AUDIT" or "IF" or "TX_KB" or "RX_KB" or "MS" or "AGE(s)" or "INSETID" => ColumnKind.Number,
        "ERR" or "RET" => ColumnKind.Error,
        "RC" => ColumnKind.Message,
        "PATH" or "ARGS" or "QUERY" or "EXIT_CODE" when isLast => ColumnKind.Rest,
        _ => ColumnKind.Word,
    };

    private static TableTool ToolOf(List<string> names, ReadOnlySpan<byte> line)
    {
        bool Has(params ReadOnlySpan<string> wanted)
        {
            foreach (string name in wanted)
            {
                if (!names.Contains(name))
                {
                    return false;
                }
            }

            return true;
        }

        return Has("EXIT_CODE") ? TableTool.Exitsnoop
            : Has("UID", "SYSCALL", "ARGS") ? TableTool.Setuids
            : Has("PID", "ARGS") ? TableTool.Execsnoop
            : Has("CAP", "NAME") ? TableTool.Capable
            : Has("PORT", "ADDR") && (Has("PROT") || Has("PROTO")) ? TableTool.Bindsnoop
            : Has("TX_KB", "RX_KB", "RADDR") ? TableTool.Tcplife
            : Has("RADDR", "RPORT", "LADDR", "LPORT") ? TableTool.Tcpaccept
            : Has("DADDR", "DPORT") ? TableTool.Tcpconnect
            : !Has("ERR", "PATH") ? TableTool.None
            : Has("RET") || !Has("FD") ? TableTool.Statsnoop

            // bcc's statsnoop has opensnoop's columns; its process column is one wider.
            : line.StartsWith("PID     COMM"u8) || line.IndexOf(" PID     COMM"u8) >= 0 ? TableTool.Statsnoop
            : TableTool.Opensnoop;
    }
}
