// Seven kernels that need no library: each takes a size and returns a checksum.
// clang --target=wasm32 -O2 -nostdlib -Wl,--no-entry -Wl,--export-dynamic -o kernels.wasm kernels.c
#define EXPORT __attribute__((visibility("default")))
typedef unsigned char u8;
typedef unsigned int u32;
typedef unsigned long long u64;

// ---- calls
static __attribute__((noinline)) u32 ways(u32 n) { return n < 2 ? n : ways(n - 1) + ways(n - 2); }
EXPORT u32 calls(u32 n) { return ways(n); }

// ---- bytes: a sieve and a checksum over it, again and again
static u8 sieve[1 << 16];
EXPORT u32 bytes(u32 rounds) {
  u32 sum = 0;
  for (u32 r = 0; r < rounds; r++) {
    for (u32 i = 0; i < sizeof sieve; i++) sieve[i] = 1;
    for (u32 i = 2; i * i < sizeof sieve; i++)
      if (sieve[i])
        for (u32 j = i * i; j < sizeof sieve; j += i) sieve[j] = 0;
    for (u32 i = 2; i < sizeof sieve; i++) sum = (sum << 1 | sum >> 31) ^ (sieve[i] * i);
  }
  return sum;
}

// ---- matrix of doubles
#define N 96
static double a[N][N], b[N][N], c[N][N];
EXPORT u32 matrix(u32 rounds) {
  for (u32 i = 0; i < N; i++)
    for (u32 j = 0; j < N; j++) a[i][j] = (double)(i * j % 7), b[i][j] = (double)(i + j) / 3;
  for (u32 r = 0; r < rounds; r++)
    for (u32 i = 0; i < N; i++)
      for (u32 j = 0; j < N; j++) {
        double sum = c[i][j] / 2;
        for (u32 k = 0; k < N; k++) sum += a[i][k] * b[k][j];
        c[i][j] = sum;
      }
  return (u32)c[N / 2][N / 3];
}

// ---- SHA-256 of a buffer, its own digest fed back
static const u32 K[64] = {
  0x428a2f98,0x71374491,0xb5c0fbcf,0xe9b5dba5,0x3956c25b,0x59f111f1,0x923f82a4,0xab1c5ed5,
  0xd807aa98,0x12835b01,0x243185be,0x550c7dc3,0x72be5d74,0x80deb1fe,0x9bdc06a7,0xc19bf174,
  0xe49b69c1,0xefbe4786,0x0fc19dc6,0x240ca1cc,0x2de92c6f,0x4a7484aa,0x5cb0a9dc,0x76f988da,
  0x983e5152,0xa831c66d,0xb00327c8,0xbf597fc7,0xc6e00bf3,0xd5a79147,0x06ca6351,0x14292967,
  0x27b70a85,0x2e1b2138,0x4d2c6dfc,0x53380d13,0x650a7354,0x766a0abb,0x81c2c92e,0x92722c85,
  0xa2bfe8a1,0xa81a664b,0xc24b8b70,0xc76c51a3,0xd192e819,0xd6990624,0xf40e3585,0x106aa070,
  0x19a4c116,0x1e376c08,0x2748774c,0x34b0bcb5,0x391c0cb3,0x4ed8aa4a,0x5b9cca4f,0x682e6ff3,
  0x748f82ee,0x78a5636f,0x84c87814,0x8cc70208,0x90befffa,0xa4506ceb,0xbef9a3f7,0xc67178f2};
#define R(x, n) ((x) >> (n) | (x) << (32 - (n)))
static u32 state[8];
static u8 block[64];
static __attribute__((noinline)) void compress(const u8 *p) {
  u32 w[64], s[8];
  for (int i = 0; i < 16; i++)
    w[i] = (u32)p[4 * i] << 24 | (u32)p[4 * i + 1] << 16 | (u32)p[4 * i + 2] << 8 | p[4 * i + 3];
  for (int i = 16; i < 64; i++)
    w[i] = w[i - 16] + (R(w[i - 15], 7) ^ R(w[i - 15], 18) ^ w[i - 15] >> 3) + w[i - 7]
         + (R(w[i - 2], 17) ^ R(w[i - 2], 19) ^ w[i - 2] >> 10);
  for (int i = 0; i < 8; i++) s[i] = state[i];
  for (int i = 0; i < 64; i++) {
    u32 t1 = s[7] + (R(s[4], 6) ^ R(s[4], 11) ^ R(s[4], 25)) + ((s[4] & s[5]) ^ (~s[4] & s[6])) + K[i] + w[i];
    u32 t2 = (R(s[0], 2) ^ R(s[0], 13) ^ R(s[0], 22)) + ((s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]));
    s[7] = s[6]; s[6] = s[5]; s[5] = s[4]; s[4] = s[3] + t1;
    s[3] = s[2]; s[2] = s[1]; s[1] = s[0]; s[0] = t1 + t2;
  }
  for (int i = 0; i < 8; i++) state[i] += s[i];
}
EXPORT u32 sha256(u32 blocks) {
  for (int i = 0; i < 8; i++) state[i] = 0x6a09e667u * (i + 1);
  for (u32 n = 0; n < blocks; n++) {
    for (int i = 0; i < 64; i++) block[i] = (u8)(state[i & 7] >> (i >> 1));
    compress(block);
  }
  return state[0];
}

// ---- life on a torus
#define W 256
static u8 now[W * W], later[W * W];
EXPORT u32 life(u32 generations) {
  u32 seed = 12345;
  for (u32 i = 0; i < W * W; i++) seed = seed * 1664525 + 1013904223, now[i] = seed >> 31;
  for (u32 g = 0; g < generations; g++) {
    for (u32 y = 0; y < W; y++) {
      u32 up = (y + W - 1) % W * W, at = y * W, down = (y + 1) % W * W;
      for (u32 x = 0; x < W; x++) {
        u32 l = (x + W - 1) % W, r = (x + 1) % W;
        u32 n = now[up + l] + now[up + x] + now[up + r] + now[at + l] + now[at + r]
              + now[down + l] + now[down + x] + now[down + r];
        later[at + x] = n == 3 || (n == 2 && now[at + x]);
      }
    }
    for (u32 i = 0; i < W * W; i++) now[i] = later[i];
  }
  u32 alive = 0;
  for (u32 i = 0; i < W * W; i++) alive += now[i] * (i | 1);
  return alive;
}

// ---- bodies that attract each other
#define B 5
static double px[B], py[B], pz[B], vx[B], vy[B], vz[B], m[B];
EXPORT u32 bodies(u32 steps) {
  for (int i = 0; i < B; i++)
    px[i] = i * 3.0 + 1, py[i] = i * i - 4.0, pz[i] = 2.0 - i, vx[i] = 0.1 * i, vy[i] = 0.2 - 0.03 * i, vz[i] = 0, m[i] = 1 + i * 0.7;
  for (u32 s = 0; s < steps; s++) {
    for (int i = 0; i < B; i++)
      for (int j = i + 1; j < B; j++) {
        double dx = px[i] - px[j], dy = py[i] - py[j], dz = pz[i] - pz[j];
        double d = dx * dx + dy * dy + dz * dz + 0.01;
        double f = 0.001 / (d * __builtin_sqrt(d));
        vx[i] -= dx * m[j] * f; vy[i] -= dy * m[j] * f; vz[i] -= dz * m[j] * f;
        vx[j] += dx * m[i] * f; vy[j] += dy * m[i] * f; vz[j] += dz * m[i] * f;
      }
    for (int i = 0; i < B; i++) px[i] += 0.001 * vx[i], py[i] += 0.001 * vy[i], pz[i] += 0.001 * vz[i];
  }
  return (u32)(int)(px[0] * 1e6);
}

// ---- an interpreter's switch: a small stack machine runs a loop
enum { PUSH, ADD, SUB, MUL, XOR, DUP, SWAP, LOAD, STORE, JNZ, SHR, HALT };
static const int program[] = {
  PUSH, 0, STORE, 1,
  LOAD, 0, DUP, MUL, LOAD, 1, XOR, PUSH, 13, ADD, DUP, PUSH, 7, SHR, XOR, STORE, 1,
  LOAD, 0, PUSH, 1, SUB, DUP, STORE, 0, JNZ, 4, HALT};
EXPORT u32 machine(u32 n) {
  u32 stack[32], slots[4] = {n, 0, 0, 0};
  int sp = 0, pc = 0;
  for (;;) {
    switch (program[pc++]) {
      case PUSH: stack[sp++] = program[pc++]; break;
      case ADD: sp--; stack[sp - 1] += stack[sp]; break;
      case SUB: sp--; stack[sp - 1] -= stack[sp]; break;
      case MUL: sp--; stack[sp - 1] *= stack[sp]; break;
      case XOR: sp--; stack[sp - 1] ^= stack[sp]; break;
      case SHR: sp--; stack[sp - 1] >>= stack[sp] & 31; break;
      case DUP: stack[sp] = stack[sp - 1]; sp++; break;
      case SWAP: { u32 t = stack[sp - 1]; stack[sp - 1] = stack[sp - 2]; stack[sp - 2] = t; break; }
      case LOAD: stack[sp++] = slots[program[pc++] & 3]; break;
      case STORE: slots[program[pc++] & 3] = stack[--sp]; break;
      case JNZ: { int to = program[pc++]; if (stack[--sp]) pc = to; break; }
      default: return slots[1];
    }
  }
}
