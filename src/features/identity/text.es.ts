import type { UserDataRefusal } from './profile.ts'

/** Texts of `POST /api/user-data`, byte-exact (behaviour 4.12). */
export const USER_DATA_TEXT: Record<UserDataRefusal, string> = {
  'bad-localidad': 'La localidad solo puede tener letras, números, espacios, comas, puntos, guiones, apóstrofos y paréntesis (hasta 40)',
  'bad-nivel': 'Nivel inválido',
  'bad-telefono': 'Teléfono inválido',
  'bad-newsletter': 'Valor de newsletter inválido',
}
