using System.Threading.Channels;

namespace O1Coder.Coordinator;

/// <summary>Runs a search, new or from its log, and writes its events, old ones too.</summary>
internal delegate Task SearchWork(ChannelWriter<V1.SolveResponse> output, CancellationToken cancellationToken);
