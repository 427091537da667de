import type { LegalFacts, LegalPart } from './facts.ts'

export const LEGAL = {
  updated: 'Última actualización: 28 de noviembre de 2026.',
  contents: 'Contenido',
  sample:
    'Estos datos son un ejemplo. Antes de publicar el sitio, la academia tiene que completar su nombre legal, su CUIT, su domicilio y su contacto en config/academy.json, y hacer revisar estos textos.',
  otherLanguage: '',
} as const

export const TERMS_TITLE = 'Términos y condiciones'

export const terms = ({ academy, policy, baseUrl }: LegalFacts): LegalPart[] => {
  const { legal, contact } = academy
  return [
    {
      id: 'quien',
      title: 'Quién presta el servicio',
      body: [
        `${academy.name} es el nombre comercial de ${legal.name}, CUIT ${legal.cuit}, con domicilio en ${legal.address}. Nos escribís a ${contact.email}.`,
        `Estos términos valen para las clases que se reservan en ${baseUrl}. Al reservar, los aceptás.`,
      ],
    },
    {
      id: 'servicio',
      title: 'Qué ofrecemos',
      body: [
        `Clases de inglés en vivo de ${policy.slotMinutes} minutos por Google Meet, individuales o en grupos cerrados de 2 a 5 personas. Una clase grupal la reserva y la paga una sola persona, el anfitrión, que invita a las demás con un código.`,
      ],
    },
    {
      id: 'cuenta',
      title: 'Tu cuenta',
      body: [
        'Ingresás con una cuenta de Google con el correo verificado. La cuenta es personal. Si tenés menos de 18 años, la reserva la tiene que hacer una persona adulta responsable.',
      ],
    },
    {
      id: 'precio',
      title: 'Precio, reserva y pago',
      body: [
        'Los precios son finales, en pesos argentinos y por el total de la clase. Vale el que ves al confirmar la reserva: si la tarifa cambia después, tu clase no cambia de precio.',
        `Cuando confirmás, guardamos el horario ${policy.holdMinutes} minutos para que pagues con Mercado Pago. Si no se paga en ese tiempo, el horario queda libre. La clase queda reservada cuando Mercado Pago aprueba el pago.`,
        'Si un pago llega cuando el horario ya no está, se paga dos veces lo mismo o no podemos preparar la clase, devolvemos el total sin que lo pidas.',
      ],
    },
    {
      id: 'codigo',
      title: 'Código e invitados',
      body: [
        `El código de una clase grupal es para las personas que el anfitrión invita, hasta completar los lugares pagados. Funciona desde ${policy.joinLeadMinutes} minutos antes ${policy.joinCutoff === 'end' ? 'y hasta que termina la clase' : 'y hasta que empieza la clase'}. Publicarlo o venderlo no está permitido.`,
      ],
    },
    {
      id: 'cancelacion',
      title: 'Cancelación y reembolso',
      body: [
        [
          `El anfitrión puede cancelar hasta el comienzo de la clase. Si faltan ${policy.refundHours} horas o más, devolvemos el total. Si faltan menos, no hay reembolso.`,
          'Si cancela la academia, por el motivo que sea, devolvemos siempre el total.',
          'El reembolso se pide en el momento y vuelve por el mismo medio con el que pagaste. Cuánto tarda en verse depende de Mercado Pago y de tu banco.',
        ],
      ],
    },
    {
      id: 'cambio',
      title: 'Cambio de horario',
      body:
        policy.maxReschedules === 0
          ? ['Las clases reservadas no se cambian de horario desde el sitio. Si lo necesitás, escribinos.']
          : [
              `El anfitrión puede pasar la clase a otro turno libre, del mismo tipo y sin costo, hasta ${policy.rescheduleHours} horas antes y ${policy.maxReschedules === 1 ? 'una vez' : `${policy.maxReschedules} veces como mucho`}.`,
              `Cambiar el horario no devuelve un reembolso que ya se había perdido: si la pasás cuando faltan menos de ${policy.refundHours} horas, después no hay reembolso.`,
            ],
    },
    {
      id: 'arrepentimiento',
      title: 'Arrepentimiento',
      body: [
        'Si contratás como consumidor, podés revocar la compra dentro de los diez días corridos, mientras la clase no se haya dado, sin explicar por qué y sin costo (artículo 34 de la ley 24.240 y artículo 1110 del Código Civil y Comercial).',
        `Para hacerlo, abrí un ticket en el Centro de Ayuda o escribinos a ${contact.email}. Esta opción se suma a la cancelación de más arriba, que es inmediata.`,
      ],
    },
    {
      id: 'convivencia',
      title: 'Convivencia',
      body: [
        'En clase nos tratamos con respeto. Podemos terminar la participación de quien moleste a otras personas. Nadie puede grabar la clase ni publicar imágenes sin permiso de todas las personas que aparecen.',
      ],
    },
    {
      id: 'fallas',
      title: 'Si algo falla',
      body: [
        'El sitio usa servicios de Google y de Mercado Pago. Si por una falla nuestra o de ellos la clase no se puede dar, elegís entre pasarla a otro horario o que te devolvamos el total. Tu conexión, tu cámara y tu micrófono corren por tu cuenta.',
        'Nada de esto limita los derechos que te da la ley de defensa del consumidor.',
      ],
    },
    {
      id: 'cambios',
      title: 'Cambios en estos términos',
      body: ['Si cambian, la fecha de arriba cambia con ellos. A una clase ya pagada se le aplican los que regían cuando la pagaste.'],
    },
    {
      id: 'ley',
      title: 'Ley y tribunales',
      body: [
        `Se aplican las leyes de la República Argentina y son competentes los tribunales de ${legal.jurisdiction}. Si sos consumidor, también podés reclamar ante los de tu domicilio y ante Defensa del Consumidor.`,
      ],
    },
  ]
}

export const PRIVACY_TITLE = 'Política de privacidad'

export const privacy = ({ academy, baseUrl }: LegalFacts): LegalPart[] => {
  const { legal, contact } = academy
  return [
    {
      id: 'responsable',
      title: 'Quién es responsable de tus datos',
      body: [
        `${legal.name}, CUIT ${legal.cuit}, con domicilio en ${legal.address}, responde por los datos que se guardan en ${baseUrl}. Para cualquier pedido sobre ellos escribí a ${contact.email}.`,
      ],
    },
    {
      id: 'datos',
      title: 'Qué guardamos y para qué',
      body: [
        [
          'Tu nombre, tu correo, tu foto y el identificador de tu cuenta de Google: para saber quién sos y para que entres a Meet sin golpear la puerta.',
          'Lo que completás en Configuración (localidad, nivel, teléfono y si querés recibir novedades): para preparar las clases y escribirte. Es optativo.',
          'Tus clases: horario, tipo, objetivo, quién participó, cancelaciones y cambios. Sin eso no hay clase.',
          'Tus pagos: importe, estado y número en Mercado Pago. Los datos de tu tarjeta los recibe solo Mercado Pago; nosotros no los vemos.',
          'Tus actividades y tus respuestas, para mostrarte qué repasar.',
          'Lo que el profesor anota sobre cada clase (qué salió bien, qué errores oyó, qué vocabulario apareció), para preparar tus actividades. En el sitio lo ve solo él; lo de tus clases individuales está en el archivo con tus datos y se borra con tu cuenta.',
          'Si lo permitís en Configuración, y todos los que estuvieron también, la transcripción de una clase que el profesor cargue: para preparar tus actividades, durante 30 días como mucho. Se borra en cuanto alguno saca el permiso.',
          'Lo que nos escribís en los tickets, para ayudarte.',
          'Tus ingresos: cuándo y con qué navegador; y el idioma, el tema y la zona horaria que elegiste. Contamos pedidos por dirección de red, disimulada, durante dos días como mucho, para frenar abusos.',
        ],
        'No usamos tus datos para publicidad, no los vendemos y no tomamos decisiones automáticas sobre vos. No pedimos acceso a tu calendario ni a tus contactos.',
      ],
    },
    {
      id: 'base',
      title: 'Por qué podemos guardarlos',
      body: [
        'Porque hacen falta para darte la clase que reservás, porque la ley nos obliga a conservar los registros de pagos, y, para lo optativo, porque vos nos los diste. Lo que autorizaste lo podés retirar cuando quieras.',
      ],
    },
    {
      id: 'quien-los-recibe',
      title: 'Quién los recibe',
      body: [
        [
          'Google, para ingresar, para el evento en el calendario del profesor (con tu correo, que las demás personas de la clase no ven) y para la videollamada.',
          'Mercado Pago, para cobrar y devolver.',
          'El servicio que aloja el sitio y el que entrega los mails, solo para eso.',
          'Si la academia usa un tutor IA, el servicio que lo presta: tu nivel, el objetivo de la clase, lo que te cuesta, las notas del profesor, los textos que escribís en las actividades y las transcripciones que permitiste; nunca tu nombre ni tu email.',
          'En una clase grupal, el anfitrión ve los nombres de quienes se suman, y ellos ven el del anfitrión. El profesor ve quiénes participan.',
        ],
        'Google y otros proveedores pueden guardar datos fuera de la Argentina, con sus propias políticas de privacidad. Fuera de esto, solo los entregamos si un juez o la ley lo ordena.',
      ],
    },
    {
      id: 'cuanto',
      title: 'Cuánto tiempo',
      body: [
        [
          'Tu cuenta y tu perfil: mientras la tengas. Tus actividades, tus respuestas y los objetivos que escribiste, también.',
          'Pagos y clases pagas: diez años, como piden las normas comerciales e impositivas. Si borrás tu cuenta, quedan sin lo que no haga falta.',
          'Registros técnicos y avisos de los proveedores: 90 días.',
          'Un ingreso: 30 días desde la última vez que lo usaste.',
        ],
      ],
    },
    {
      id: 'cookies',
      title: 'Cookies',
      body: [
        'Solo las técnicas: una que mantiene tu ingreso (30 días), una que dura lo que tardás en ingresar con Google (10 minutos) y dos que recuerdan el idioma y el tema que elegiste (un año). No hay cookies de publicidad ni de medición, ni nuestras ni de terceros.',
      ],
    },
    {
      id: 'derechos',
      title: 'Tus derechos',
      body: [
        'La ley 25.326 te da derecho a saber qué datos tuyos tenemos, a corregirlos, a actualizarlos y a que los borremos. El acceso es gratis, cada seis meses o antes si tenés un interés legítimo.',
        [
          'Descargar todo lo que guardamos de vos: en Configuración.',
          'Corregirlo: en Configuración. Tu nombre viene de Google y lo podés cambiar por otro; tu correo es el de tu cuenta de Google y se corrige ahí.',
          'Borrar tu cuenta: en Configuración. Primero cancelá o tomá las clases que tengas reservadas.',
          `Si no podés ingresar, pedilo por mail a ${contact.email}. Respondemos un pedido de acceso en diez días corridos y uno de corrección o de borrado en cinco días hábiles.`,
        ],
        'La Agencia de Acceso a la Información Pública es el órgano de control de la ley 25.326 y recibe denuncias y reclamos de quienes sientan afectados sus derechos por el incumplimiento de las normas sobre datos personales.',
      ],
    },
    {
      id: 'menores',
      title: 'Menores de edad',
      body: [
        'Si tenés menos de 18 años, tu cuenta la tiene que autorizar una persona adulta responsable, que también puede ejercer estos derechos.',
      ],
    },
    {
      id: 'seguridad',
      title: 'Cómo los cuidamos',
      body: [
        'El sitio viaja siempre cifrado, los permisos de Google se guardan cifrados, los códigos y los enlaces solo se muestran a quien corresponde y los registros técnicos no llevan tu correo ni tus códigos.',
      ],
    },
    {
      id: 'cambios',
      title: 'Cambios en esta política',
      body: ['Si cambia, cambia la fecha de arriba. Si el cambio es importante, te avisamos por mail antes de que valga.'],
    },
  ]
}
