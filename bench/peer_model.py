"""The exp3 model in PyTorch, tuned as well as we know how: what bench/trainer_peer.py and bench/grid_peer.py train.

scaled_dot_product_attention, experts by sorted groups, tied head. A layer that may attend to fewer keys than there are picks them by an
indexer (low-rank products, ReLU, weighted over heads), makes a mask of the top k and passes it to the same attention: the mask is causal,
and the indexer is not trained, which costs less than what plasa-trainer does."""

import torch
from torch import nn
from torch.nn import functional as F

WIDTH, LAYERS, HEADS, EXPERTS, CHOSEN, HIDDEN, DROPOUT = 256, 6, 8, 4, 2, 512, 0.1
INDEX_HEADS, INDEX_WIDTH = 4, 64
INITIAL = 0.02  # PyTorch's own for embeddings, 1, starts a tied head at a loss of 230, and softmax then makes numbers below the normal range
HEAD_WIDTH = WIDTH // HEADS


def prepare(threads):
    """Before anything else: the threads that are made later take the flag over. Without it a step takes up to ten times as long on Intel's processors."""
    torch.set_flush_denormal(True)
    torch.set_num_threads(threads)


def rotation(length):
    angles = torch.outer(torch.arange(length).double(), 10000 ** (-torch.arange(0, HEAD_WIDTH, 2).double() / HEAD_WIDTH))
    return angles.cos().float(), angles.sin().float()


def rotate(x, table):
    cos, sin = table
    a, b = x[..., ::2], x[..., 1::2]
    return torch.stack((a * cos - b * sin, b * cos + a * sin), -1).flatten(-2)


class Indexer(nn.Module):
    def __init__(self, keys):
        super().__init__()
        self.keys = keys
        self.q, self.k = nn.Linear(WIDTH, INDEX_HEADS * INDEX_WIDTH, bias=False), nn.Linear(WIDTH, INDEX_WIDTH, bias=False)
        self.w = nn.Linear(WIDTH, INDEX_HEADS, bias=False)

    @torch.no_grad()
    def forward(self, x):
        """[batch, 1, length, length]: what each query attends to."""
        batch, length, _ = x.shape
        q = self.q(x).view(batch, length, INDEX_HEADS, INDEX_WIDTH).transpose(1, 2)
        products = F.relu(q @ self.k(x)[:, None].transpose(-1, -2))
        scores = (products * self.w(x).transpose(1, 2)[..., None]).sum(1)
        causal = torch.ones(length, length, dtype=torch.bool).tril()
        chosen = scores.masked_fill(~causal, float("-inf")).topk(self.keys, -1).indices
        return (torch.zeros(batch, length, length, dtype=torch.bool).scatter(-1, chosen, True) & causal)[:, None]


class Attention(nn.Module):
    def __init__(self, keys, dropout):
        super().__init__()
        self.qkv, self.out = nn.Linear(WIDTH, 3 * WIDTH, bias=False), nn.Linear(WIDTH, WIDTH, bias=False)
        self.indexer, self.dropout = Indexer(keys) if keys else None, dropout

    def forward(self, x, table):
        batch, length, _ = x.shape
        q, k, v = self.qkv(x).view(batch, length, 3, HEADS, HEAD_WIDTH).permute(2, 0, 3, 1, 4)
        chosen = {"attn_mask": self.indexer(x)} if self.indexer else {"is_causal": True}
        dropout = self.dropout if self.training else 0.0
        y = F.scaled_dot_product_attention(rotate(q, table), rotate(k, table), v.to(q.dtype), dropout_p=dropout, **chosen)
        return self.out(y.transpose(1, 2).reshape(batch, length, WIDTH))


class Experts(nn.Module):
    def __init__(self):
        super().__init__()
        self.gate = nn.Linear(WIDTH, EXPERTS, bias=False)
        self.one = nn.ModuleList(nn.Linear(WIDTH, HIDDEN, bias=False) for _ in range(EXPERTS))
        self.two = nn.ModuleList(nn.Linear(HIDDEN, WIDTH, bias=False) for _ in range(EXPERTS))

    def forward(self, h):
        x = h.reshape(-1, WIDTH)
        r = self.gate(x)
        r = r + 0.1 * torch.randn_like(r) if self.training else r
        top, chosen = r.topk(CHOSEN, -1)
        weights = top.float().softmax(-1).flatten()
        order = chosen.flatten().argsort(stable=True)
        counts = chosen.flatten().bincount(minlength=EXPERTS)
        token = order // CHOSEN
        parts = [self.two[e](F.dropout(F.silu(self.one[e](rows)), DROPOUT, self.training))
                 for e, rows in enumerate(x.index_select(0, token).split(counts.tolist()))]
        y = torch.zeros_like(x, dtype=torch.float32).index_add(0, token, torch.cat(parts).float() * weights[order, None])
        share = counts / (x.size(0) * CHOSEN)
        self.aux = EXPERTS * (share * r.float().softmax(-1).mean(0)).sum()
        return y.view(h.shape)


class Block(nn.Module):
    def __init__(self, keys, attention_dropout):
        super().__init__()
        self.n1, self.n2 = nn.RMSNorm(WIDTH), nn.RMSNorm(WIDTH)
        self.attention, self.experts = Attention(keys, attention_dropout), Experts()

    def forward(self, x, table):
        x = x + F.dropout(self.attention(self.n1(x), table), DROPOUT, self.training)
        return x + F.dropout(self.experts(self.n2(x)), DROPOUT, self.training)


class Model(nn.Module):
    """keys: how many a query of each layer attends to; 0 = all before it."""

    def __init__(self, vocabulary, length, keys=(0,) * LAYERS, attention_dropout=DROPOUT):
        super().__init__()
        self.vocabulary, self.table = vocabulary, rotation(length)
        self.embed, self.norm = nn.Embedding(vocabulary, WIDTH), nn.RMSNorm(WIDTH)
        self.blocks = nn.ModuleList(Block(k, attention_dropout) for k in keys)
        for weights in self.parameters():
            if weights.dim() > 1:
                nn.init.normal_(weights, std=INITIAL)

    def forward(self, tokens, labels):
        """Cross-entropy with the balance loss of the experts."""
        x = self.embed(tokens)
        for block in self.blocks:
            x = block(x, self.table)
        logits = F.linear(self.norm(x), self.embed.weight)
        ce = F.cross_entropy(logits.view(-1, self.vocabulary), labels.reshape(-1))
        return ce + 0.01 * sum(block.experts.aux for block in self.blocks) if self.training else ce


def update(model, optimiser, loss):
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimiser.step()
    optimiser.zero_grad(set_to_none=True)
