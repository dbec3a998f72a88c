# mutant(NAME FILE.cu FROM TO WORKLOAD PARAMETERS): see ../CMakeLists.txt.
mutant(burn_f32_last_product burn.cu "k < depth; ++k" "k + 1 < depth; ++k" burn "precision=f32,seconds=0")
mutant(burn_f32_last_column burn.cu "result[(row + i) * tile + column + j % group + j / group * (tile / 2)] = sum[i][j]"
       "if (row + column + i + j < 2 * tile - 80) result[(row + i) * tile + column + j % group + j / group * (tile / 2)] = sum[i][j]"
       burn "precision=f32,seconds=0")
mutant(burn_f16_last_matrix burn.cu "++j) wmma::mma_sync(sum[j], own, of_all[j], sum[j])"
       "++j) if (j + 1 < passbench::burn_matrices) wmma::mma_sync(sum[j], own, of_all[j], sum[j])" burn "precision=f16,seconds=0")
mutant(burn_rounds burn.cu "sum[i][j] += x[i] * y[j]" "sum[i][j] = x[i] * y[j]" burn "precision=f32,seconds=0")
