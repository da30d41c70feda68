namespace ShellGuard.Audit.Import.Tables;

/// <summary>Tools of bcc, libbpf-tools and bpftrace that print tables.</summary>
internal enum TableTool
{
    None,
    Opensnoop,
    Statsnoop,
    Execsnoop,
    Exitsnoop,
    Tcpconnect,
    Tcpaccept,
    Tcplife,
    Bindsnoop,
    Capable,
    Setuids,
}
